"""The compact codecs (2 and 3) written again from core/docs/protocol.md: streams back into the item of an entry."""

import base64
import hashlib
import zlib

import cbor2

LIMIT = 576 * 1024
PLACES = 8
STREAMS = 18 + 4 * (PLACES + 1)
(HEADER, DOCUMENTS, ACTORS, SEQUENCES, STARTS, TIMES, DEPENDENCIES, HASHES, ACTOR_IDS, OTHERS, MESSAGES, STRUCTURE,
 OBJECTS, ELEMENTS, PREDECESSORS, NAMES, NAME_IDS, NAME_RESTS) = range(18)
LENGTHS, NUMBERS, TEXTS, IDS = (18 + kind * (PLACES + 1) for kind in range(4))
WORD = 1 << 64


class Malformed(Exception):
    pass


def unsigned(value):
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)


def signed(value):
    data = bytearray()
    while not -0x40 <= value < 0x40:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value & 0x7F)
    return bytes(data)


def unfold(value):
    return value >> 1 if value & 1 == 0 else -(value >> 1) - 1


def wrap(value):
    """As a signed number of 64 bits."""
    return (value + (WORD >> 1)) % WORD - (WORD >> 1)


def text_of(identifier):
    return base64.b32encode(identifier).rstrip(b"=").lower()


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        if self.at + length > len(self.data):
            raise Malformed("cut short")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self):
        value = 0
        for place in range(10):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                if value >= WORD or (byte == 0 and place > 0):
                    raise Malformed("a number")
                return value
        raise Malformed("a number")

    def signed(self):
        return unfold(self.number())

    def left(self):
        return len(self.data) - self.at


def part(packed, room):
    length = packed.number()
    data = packed.take(length >> 1)
    if length & 1:
        inflater = zlib.decompressobj(-15)
        try:
            data = inflater.decompress(data, room + 1)
        except zlib.error as error:
            raise Malformed("deflate") from error
        if len(data) <= room and not inflater.eof:
            raise Malformed("deflate")
    if len(data) > room:
        raise Malformed("too large")
    return data


def unpack(packed):
    packed, room = Reader(packed), LIMIT
    first = part(packed, room)
    room -= len(first)
    common = Reader(first)
    table = [common.number() for _ in range(STREAMS)]
    streams = []
    for length in table:
        if length & 1:
            data = part(packed, room)
            room -= len(data)
        else:
            data = common.take(length >> 1)
        if len(data) != length >> 1:
            raise Malformed("a stream's length")
        streams.append(Reader(data))
    if common.left() or packed.left():
        raise Malformed("more than the streams")
    return streams


class Entry:
    """What has been seen of an entry's changes so far."""

    def __init__(self, streams):
        self.streams = streams
        self.actors, self.sequences, self.foreign, self.documents = [], [], [], {}
        self.time, self.numbers = 0, [0] * (PLACES + 1)

    def number(self, stream):
        return self.streams[stream].number()

    def signed(self, stream):
        return self.streams[stream].signed()

    def take(self, stream, length):
        return self.streams[stream].take(length)

    def change(self):
        document = self.number(DOCUMENTS)
        if document > 255:
            raise Malformed("a document")
        known = self.documents.setdefault(document, [])
        dependencies, highest = [], 0
        for _ in range(self.number(DEPENDENCIES)):
            back = self.number(DEPENDENCIES)
            if back == 0:
                dependencies.append(self.foreign_hash())
            else:
                if back > len(known):
                    raise Malformed("a dependency")
                dependencies.append(known[-back][0])
                highest = max(highest, known[-back][1])
        place = self.actor(ACTORS)
        sequence = (self.sequences[place] + 1 + self.signed(SEQUENCES)) % WORD
        self.sequences[place] = sequence
        start = (highest + 1 + self.signed(STARTS)) % WORD
        self.time = wrap(self.time + self.signed(TIMES))
        message = self.take(MESSAGES, self.number(MESSAGES))
        others = [self.actors[self.actor(OTHERS)] for _ in range(self.number(OTHERS))]
        operations, table, contents = self.columns(start)
        body = b"".join([
            unsigned(len(dependencies)), *dependencies, b"\x10" + self.actors[place], unsigned(sequence), unsigned(start),
            signed(self.time), unsigned(len(message)), message, unsigned(len(others)), *(b"\x10" + other for other in others),
            unsigned(len(table)), *(unsigned(name) + unsigned(len(data)) for name, data in zip(table, contents)), *contents,
        ])
        hashed = b"\x01" + unsigned(len(body)) + body
        digest = hashlib.sha256(hashed).digest()
        known.append((digest, (start + operations - 1) % WORD))
        return [document, b"\x85\x6f\x4a\x83" + digest[:4] + hashed]

    def foreign_hash(self):
        number = self.number(DEPENDENCIES)
        if number == 0:
            self.foreign.append(self.take(HASHES, 32))
        elif number > len(self.foreign):
            raise Malformed("a hash")
        return self.foreign[number - 1]

    def actor(self, stream):
        number = self.number(stream)
        if number == 0:
            self.actors.append(self.take(ACTOR_IDS, 16))
            self.sequences.append(0)
            return len(self.actors) - 1
        if number > len(self.actors):
            raise Malformed("an actor")
        return number - 1

    def columns(self, start):
        operations, count = self.number(STRUCTURE), self.number(STRUCTURE)
        self.apart, self.next = count & 1 == 1, 0
        self.start, self.anchor, values = start, start, b""
        table, contents = [], []
        for _ in range(count >> 1):
            name = self.number(STRUCTURE)
            if name == 0x02:
                data = self.runs(self.object)
            elif name in (0x13, 0x73):
                data = self.differences(ELEMENTS if name == 0x13 else PREDECESSORS)
            elif name == 0x15:
                data = self.runs(self.name)
            elif name == 0x56:
                self.values = bytearray()
                data = self.runs(self.kind)
                values = bytes(self.values)
            elif name == 0x57:
                data, values = values, b""
            else:
                data = self.take(STRUCTURE, self.number(STRUCTURE))
            table.append(name)
            contents.append(data)
        return operations, table, contents

    def runs(self, value):
        data = bytearray()
        while True:
            folded = self.number(STRUCTURE)
            if folded == 0:
                return bytes(data)
            run = unfold(folded - 1)
            data += signed(run)
            if run == 0:
                data += unsigned(self.number(STRUCTURE))
            elif run > 0:
                data += value(run)
            else:
                for _ in range(-run):
                    data += value(1)

    def object(self, _):
        own = self.number(STRUCTURE)
        if own > 0:
            return unsigned((self.start + own - 1) % WORD)
        self.anchor = (self.anchor - self.signed(OBJECTS)) % WORD
        return unsigned(self.anchor)

    def differences(self, stream):
        origin = [self.anchor]

        def value(_):
            small = self.number(STRUCTURE)
            difference = unfold(small - 1) if small else wrap(origin[0] - self.signed(stream))
            origin[0] = 0
            return signed(difference)

        return self.runs(value)

    def name(self, _):
        number = self.number(STRUCTURE)
        name, ids = self.take(NAMES, number >> 2), number & 3
        if ids == 3:
            name += self.take(NAME_RESTS, self.number(NAME_RESTS))
        else:
            name += b"/".join(text_of(self.take(NAME_IDS, 16)) for _ in range(ids))
        return unsigned(len(name)) + name

    def place(self, peek=False):
        place = min(self.next, PLACES - 1) if self.apart else PLACES
        self.next += not peek
        return place

    def kind(self, times):
        kind = self.number(STRUCTURE)
        if kind <= 2:
            return unsigned(kind)
        before = len(self.values)
        length = None
        if kind in (3, 4, 8, 9):
            for _ in range(times):
                place = self.place()
                number = self.numbers[place] = wrap(self.numbers[place] + self.signed(NUMBERS + place))
                self.values += unsigned(number % WORD) if kind == 3 else signed(number)
                length = length if length is not None else len(self.values) - before
        elif kind == 5:
            length = 8
            for _ in range(times):
                self.values += self.take(TEXTS + self.place(), 8)
        elif kind <= 15:
            length = self.number(LENGTHS + self.place(peek=True)) - 1
            for _ in range(times if length else 0):
                if length < 0:
                    self.values += text_of(self.take(IDS + self.place(), 16))
                else:
                    self.values += self.take(TEXTS + self.place(), length)
            length = 26 if length < 0 else length
        else:
            raise Malformed("a kind of value")
        return unsigned(length << 4 | kind)


def read(packed, number=1):
    """The item of an entry: `[1, [header, signature, [[document, change], …]]]`; of a pack's part with 9 for 1."""
    streams = unpack(packed)
    head = streams[HEADER].take(streams[HEADER].left())
    if len(head) < 64:
        raise Malformed("the header")
    entry, changes = Entry(streams), []
    while streams[DOCUMENTS].left():
        changes.append(entry.change())
    if any(stream.left() for stream in streams):
        raise Malformed("something is left over")
    return cbor2.dumps([number, [head[:-64], head[-64:], changes]])

"""Bundles written again from core/docs/protocol.md: what a writer makes of envelopes, and what a reader makes of bytes that have suffered."""

from wire import derive

MAGIC = bytes.fromhex("89524146 4951 0d0a".replace(" ", ""))
HEAD, ROW, HASH = 12, 36, 32
FULL, MOST_ENVELOPES, MAX_ENVELOPE, MOST_DAMAGED = 256 * 1024, 1024, 65_536, 1_000


def sheet(envelopes, last):
    index = b"".join(derive("envelope id", envelope) + len(envelope).to_bytes(4, "big") for envelope in envelopes)
    head = MAGIC + bytes([1, last]) + len(envelopes).to_bytes(2, "big") + index
    index_hash = derive("bundle index", head)
    return head + index_hash + b"".join(envelopes) + derive("bundle trailer", index_hash)


def write(envelopes):
    """A bundle of these envelopes, as full as sheets get."""
    sheets, size = [[]], 0
    for envelope in envelopes:
        if sheets[-1] and (size + len(envelope) > FULL or len(sheets[-1]) == MOST_ENVELOPES):
            sheets.append([])
            size = 0
        sheets[-1].append(envelope)
        size += len(envelope)
    return b"".join(sheet(envelopes, number == len(sheets) - 1) for number, envelopes in enumerate(sheets))


class Reader:
    """Reads a bundle: its whole envelopes, what is damaged and where, and whether it is a bundle at all."""

    def __init__(self, data):
        self.data, self.at = data, 0
        self.envelopes, self.damaged, self.sheets = [], [], 0
        # Whether the last sheet said that it is the last, or what is missing has been told.
        self.complete = False
        while self.at < len(data) and len(self.damaged) < MOST_DAMAGED:
            self.sheet()
        if len(self.damaged) >= MOST_DAMAGED:
            self.report("too-much", self.at)
        elif not self.complete and (self.sheets or self.at == 0):
            self.report("cut", len(data))
        begins = data[: len(MAGIC)]
        self.is_bundle = self.sheets > 0 or (begins != b"" and MAGIC.startswith(begins))

    def report(self, word, at):
        self.damaged.append([word, at])

    def next_magic(self, begin):
        found = self.data.find(MAGIC, begin)
        self.at = len(self.data) if found < 0 else found
        return found >= 0

    def head(self):
        """The word for what is wrong with a head, or its rows, its hash and whether it is the last."""
        head = self.data[self.at : self.at + HEAD]
        if len(head) < HEAD:
            return "cut" if MAGIC.startswith(head[: len(MAGIC)]) else "index"
        if head[:8] != MAGIC or head[8] == 0:
            return "index"
        if head[8] > 1:
            return "newer"
        count = int.from_bytes(head[10:], "big")
        if head[9] > 1 or count > MOST_ENVELOPES:
            return "index"
        end = self.at + HEAD + count * ROW
        if end + HASH > len(self.data):
            return "cut"
        index_hash = derive("bundle index", self.data[self.at : end])
        rows = [self.data[row : row + ROW] for row in range(self.at + HEAD, end, ROW)]
        rows = [(row[:32], int.from_bytes(row[32:], "big")) for row in rows]
        if self.data[end : end + HASH] != index_hash or any(length > MAX_ENVELOPE for _, length in rows):
            return "index"
        self.at = end + HASH
        return rows, index_hash, head[9] == 1

    def sheet(self):
        begin, head = self.at, self.head()
        if isinstance(head, str):
            more = self.next_magic(begin + 1)
            self.report("index" if head == "cut" and more else head, begin)
            self.complete = not more
            return
        rows, index_hash, last = head
        self.sheets += 1
        self.complete, whole = False, True
        for name, length in rows:
            envelope = self.data[self.at : self.at + length]
            if len(envelope) == length and derive("envelope id", envelope) == name:
                self.envelopes.append(envelope)
                self.at += length
                continue
            # A sheet may have been cut here and another written behind it.
            begin, found = self.at, self.data.find(MAGIC, self.at, self.at + length + len(MAGIC) - 1)
            if found >= 0:
                self.at = found
                self.report("cut", begin)
                return
            if len(envelope) < length:
                self.at = len(self.data)
                return
            self.report("envelope", begin)
            self.at += length
            whole = False
        begin = self.at
        trailer = self.data[begin : begin + HASH]
        if trailer == derive("bundle trailer", index_hash):
            self.at += HASH
            self.complete = last
            return
        more = self.next_magic(begin)
        there = len(trailer) == HASH
        if whole and (there or more):
            self.report("trailer", begin)
        self.complete = there and not more

#!/usr/bin/env python3
"""android-framework.py FRAMEWORK.jar OUT.apk: the framework's resources in a form that Debian's aapt2 reads.

Debian's aapt2 is of Android 10. Later tables save room in two ways that it does not know: compact entries (key and value in 8 bytes) and
offsets of 16 bits. Here both are written out in full again, for the default configuration alone: linking needs names and ids, not the
framework's translations. The format is described in the Android Open Source Project, libs/androidfw/include/androidfw/ResourceTypes.h.
"""
import struct
import sys
import zipfile

TABLE, PACKAGE, TYPE, TYPE_SPEC, STRING_POOL = 0x0002, 0x0200, 0x0201, 0x0202, 0x0001
NO_ENTRY, NO_ENTRY_16 = 0xFFFFFFFF, 0xFFFF
SPARSE, OFFSET16 = 0x01, 0x02  # flags of a type
COMPLEX, COMPACT = 0x0001, 0x0008  # flags of an entry
FRAMEWORK = 0x01  # the id of its package


def chunks(data, start, end):
    """Each chunk between two places: its kind, where it begins, the size of its header, its whole size."""
    while start < end:
        kind, header, size = struct.unpack_from("<HHI", data, start)
        yield kind, start, header, size
        start += size


def entries(data, start):
    """The entries of a type chunk, by index, each written out in full."""
    _, header, _, _, flags, _, count, entries_start = struct.unpack_from("<HHIBBHII", data, start)
    table = start + header
    if flags & SPARSE:
        offsets = [(index, offset * 4) for index, offset in (struct.unpack_from("<HH", data, table + 4 * i) for i in range(count))]
    elif flags & OFFSET16:
        offsets = [(i, o * 4) for i, o in enumerate(struct.unpack_from(f"<{count}H", data, table)) if o != NO_ENTRY_16]
    else:
        offsets = [(i, o) for i, o in enumerate(struct.unpack_from(f"<{count}I", data, table)) if o != NO_ENTRY]
    found = {}
    for index, offset in offsets:
        place = start + entries_start + offset
        first, entry_flags = struct.unpack_from("<HH", data, place)
        if entry_flags & COMPACT:  # first is the key, the upper byte of the flags the kind of value
            value, = struct.unpack_from("<I", data, place + 4)
            found[index] = struct.pack("<HHIHBBI", 8, entry_flags & 0xF7, first, 8, 0, entry_flags >> 8, value)
        elif entry_flags & COMPLEX:
            count_of_values, = struct.unpack_from("<I", data, place + 12)
            found[index] = data[place : place + 16 + 12 * count_of_values]
        else:
            found[index] = data[place : place + 16]
    return found


def written_out(data, start, total):
    """A type chunk with 32-bit offsets for all of its `total` entries. (That aapt2 finds names in no sparse type either.)"""
    _, header, _, type_id, _, _, _, _ = struct.unpack_from("<HHIBBHII", data, start)
    configuration = data[start + 20 : start + header]
    found, offsets, at = entries(data, start), [NO_ENTRY] * total, 0
    for index, entry in found.items():
        offsets[index] = at
        at += len(entry)
    begin = header + 4 * total
    head = struct.pack("<HHIBBHII", TYPE, header, begin + at, type_id, 0, 0, total, begin)
    return head + configuration + struct.pack(f"<{total}I", *offsets) + b"".join(found.values())


def is_default(data, start):
    size, = struct.unpack_from("<I", data, start + 20)
    return not any(data[start + 24 : start + 20 + size])


def package(data, start, header, size):
    parts, totals = [data[start : start + header]], {}
    for kind, at, _, length in chunks(data, start + header, start + size):
        if kind == TYPE_SPEC:
            totals[data[at + 8]], = struct.unpack_from("<I", data, at + 12)
        if kind == TYPE and is_default(data, at):
            parts.append(written_out(data, at, totals[data[at + 8]]))
        elif kind in (STRING_POOL, TYPE_SPEC):  # aliases and overlays are of no use to a linker
            parts.append(data[at : at + length])
    whole = bytearray(b"".join(parts))
    struct.pack_into("<I", whole, 4, len(whole))
    return bytes(whole)


def table(data):
    _, header, size, _ = struct.unpack_from("<HHII", data, 0)
    parts, packages = [], 0  # its package comes in several chunks
    for kind, at, own_header, length in chunks(data, header, size):
        if kind != PACKAGE:
            parts.append(data[at : at + length])
        elif struct.unpack_from("<I", data, at + 8)[0] == FRAMEWORK:
            parts.append(package(data, at, own_header, length))
            packages += 1
    body = b"".join(parts)
    return struct.pack("<HHII", TABLE, header, header + len(body), packages) + body


def main(framework, apk):
    with zipfile.ZipFile(framework) as read, zipfile.ZipFile(apk, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("AndroidManifest.xml", read.read("AndroidManifest.xml"))
        written.writestr("resources.arsc", table(read.read("resources.arsc")), zipfile.ZIP_STORED)


if __name__ == "__main__":
    main(*sys.argv[1:])

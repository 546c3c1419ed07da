#!/usr/bin/env python3
"""android-align.py IN.apk OUT.apk     lays what is stored on the borders that Android maps it from
android-align.py --check APK          prints how libraries lie; exit code 1 if one lies wrong

Libraries begin on a border of 16 KiB, everything else that is not compressed on one of 4 bytes. Debian's zipalign knows pages of 4 KiB
only. The check also reads the libraries: their segments must be made for pages of 16 KiB. It is the same for the same content: dates are
constant.
"""
import struct
import sys
import zipfile

PAGE = 16384
ALIGNMENT_FIELD = 0xD935  # the id that Android's own tool gives to padding
DATE = (1981, 1, 1, 1, 1, 2)  # and the date


def border(name):
    return PAGE if name.endswith(".so") else 4


def align(source, target):
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as written:
        for entry in sorted(read.infolist(), key=lambda entry: entry.filename):
            if entry.is_dir():
                continue
            new = zipfile.ZipInfo(entry.filename, DATE)
            new.compress_type = entry.compress_type
            new.create_system = 0
            if entry.compress_type == zipfile.ZIP_STORED:
                begin = written.fp.tell() + 30 + len(entry.filename.encode())
                padding = -begin % border(entry.filename)
                while 0 < padding < 6:  # the field's own head takes six bytes
                    padding += border(entry.filename)
                if padding:
                    new.extra = struct.pack("<HHH", ALIGNMENT_FIELD, padding - 4, border(entry.filename)) + bytes(padding - 6)
            written.writestr(new, read.read(entry), compresslevel=9)


def data_begin(file, entry):
    file.seek(entry.header_offset)
    name, extra = struct.unpack("<HH", file.read(30)[26:30])
    return entry.header_offset + 30 + name + extra


def segment_alignment(elf):
    """The smallest alignment of the segments that are loaded."""
    wide = elf[4] == 2
    table, = struct.unpack_from("<Q", elf, 32) if wide else struct.unpack_from("<I", elf, 28)
    size, count = struct.unpack_from("<HH", elf, 54 if wide else 42)
    loaded = [table + i * size for i in range(count) if struct.unpack_from("<I", elf, table + i * size)[0] == 1]
    return min(struct.unpack_from("<Q", elf, at + 48)[0] if wide else struct.unpack_from("<I", elf, at + 28)[0] for at in loaded)


def check(apk, made_here=()):
    """`made_here`: libraries of which only the place is looked at, since they stand in for what a phone gets."""
    wrong = 0
    with zipfile.ZipFile(apk) as read, open(apk, "rb") as file:
        for entry in read.infolist():
            name = entry.filename
            library = name.endswith(".so")
            if entry.compress_type != zipfile.ZIP_STORED:
                if library or name == "resources.arsc":
                    wrong += 1
                    print(f"{name}: compressed")
                continue
            place = data_begin(file, entry) % border(name)
            segments = segment_alignment(read.read(entry)) if library and name not in made_here else PAGE
            if place or segments < PAGE:
                wrong += 1
                print(f"{name}: begins {place} bytes after a border, segments for pages of {segments} bytes")
            elif library:
                print(f"{name}: on a border of 16 KiB" + ("" if name in made_here else ", segments for pages of 16 KiB"))
    return wrong


if __name__ == "__main__":
    if sys.argv[1] == "--check":
        sys.exit(check(sys.argv[2], sys.argv[3:]) > 0)
    align(sys.argv[1], sys.argv[2])

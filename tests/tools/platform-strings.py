#!/usr/bin/env python3
"""platform-strings.py [--check]: what the phones themselves show of the app, in the form that each of them wants.

Reads locales/*/platform.ftl and writes
    android/app/src/main/res/values-…/strings.xml    the app's name, and how its notifications are called in the settings
    ios/App/….lproj/InfoPlist.strings                the app's name, and why it asks for the camera
for every language and every other tag of that language (`stands-in-for: =fa-AF` in its language.ftl), since phones may know it by that one.
Everything else of these files the apps read through the library. With --check nothing is written: exit code 1 if something differs.
Run by: tests/tools/python.sh tests/tools/platform-strings.py
"""
import pathlib
import re
import sys
from xml.sax.saxutils import escape

from fluent.syntax import ast, parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
REFERENCE = "en"
PREFIX = "platform-"
# Message without prefix: the name that the platform knows it by.
ANDROID = {"app-name": "app_name", "reminders": "reminders", "reminders-about": "reminders_about"}
IOS = {"app-name": "CFBundleDisplayName", "camera-why": "NSCameraUsageDescription"}


def messages(path):
    """The sentences of a file by their id without prefix. None may need a value: no platform could fill it in."""
    found = {}
    for entry in parse(path.read_text(encoding="utf-8")).body:
        if isinstance(entry, ast.Junk):
            sys.exit(f"{path.relative_to(ROOT)}: cannot be read: {entry.content.strip()}")
        if not isinstance(entry, ast.Message):
            continue
        if not entry.id.name.startswith(PREFIX) or not all(isinstance(part, ast.TextElement) for part in entry.value.elements):
            sys.exit(f"{path.relative_to(ROOT)}: {entry.id.name} is not a plain {PREFIX}… sentence")
        found[entry.id.name.removeprefix(PREFIX)] = "".join(part.value for part in entry.value.elements)
    return found


def tags(folder):
    """The tags under which phones may know the language of a folder: its own, and those that are the same language (`=`)."""
    header = re.search(r"^# stands-in-for:(.*)$", (folder / "language.ftl").read_text(encoding="utf-8"), re.MULTILINE)
    return [folder.name] + [tag[1:] for tag in (header.group(1).split() if header else []) if tag.startswith("=")]


def android_folder(tag):
    """`values` for the language that everybody else gets; two letters and a region as Android always wrote them; else BCP 47."""
    if tag == REFERENCE:
        return "values"
    language, _, region = tag.partition("-")
    if len(language) == 2:
        return f"values-{language}" + (f"-r{region}" if region else "")
    return "values-b+" + tag.replace("-", "+")


def android(sentences):
    def value(text):
        quoted = escape(text).replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')
        return "\\" + quoted if quoted[0] in "@?" else quoted

    lines = [f'    <string name="{name}">{value(sentences[id])}</string>' for id, name in ANDROID.items()]
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!-- Written by tests/tools/platform-strings.py from locales. -->\n<resources>\n'
    return head + "\n".join(lines) + "\n</resources>\n"


def ios(sentences):
    def value(text):
        return text.replace("\\", "\\\\").replace('"', '\\"')

    lines = [f'"{name}" = "{value(sentences[id])}";' for id, name in IOS.items()]
    return "/* Written by tests/tools/platform-strings.py from locales. */\n" + "\n".join(lines) + "\n"


def files():
    """Every file there is to be: its place and its text."""
    for folder in sorted(path.parent for path in (ROOT / "locales").glob("*/platform.ftl")):
        sentences = messages(folder / "platform.ftl")
        for tag in tags(folder):
            yield ROOT / "android/app/src/main/res" / android_folder(tag) / "strings.xml", android(sentences)
            yield ROOT / "ios/App" / f"{tag}.lproj" / "InfoPlist.strings", ios(sentences)


def main(check):
    wanted = dict(files())
    there = {*ROOT.glob("android/app/src/main/res/values*/strings.xml"), *ROOT.glob("ios/App/*.lproj/InfoPlist.strings")}
    differing = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    differing += sorted(there - wanted.keys())
    for path in differing:
        if check:
            print(f"{path.relative_to(ROOT)}: is not what tests/tools/platform-strings.py writes")
        elif path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    if not check or not differing:
        print(f"{len(wanted)} files for {len(wanted) // 2} tags: " + ("regenerated and identical" if check else "written"))
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))

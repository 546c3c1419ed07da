"""codec.json: entries of real changes in each codec, decoded again."""

import hashlib
import json
from pathlib import Path

import pytest

import compact
import wire

VECTORS = json.loads((Path(__file__).parent / "codec.json").read_text())
KEYS = json.loads((Path(__file__).parent / "wire.json").read_text())
CASES = {case["name"]: case for case in VECTORS["cases"]}


@pytest.mark.parametrize("name", CASES)
def test_decodes(name):
    case = CASES[name]
    assert wire.decode(case["codec"], bytes.fromhex(case["encoded"])).hex() == case["item"]


@pytest.mark.parametrize("name", CASES)
def test_entries_are_whole(name):
    number, (header, signature, changes) = wire.same_form(bytes.fromhex(CASES[name]["item"]))
    fields = wire.same_form(header)
    space = bytes.fromhex(KEYS["ids"]["space"])
    device = wire.Device(bytes.fromhex(KEYS["devices"][0]["seed"]), space, b"")
    assert number == 1 and fields[4] == device.device and wire.root(fields, changes) == fields[11]
    assert wire.sign(device.signing, b"rafiq entry v1\0" + header) == signature
    for _, change in changes:
        assert change[:4] == b"\x85\x6f\x4a\x83" and change[8] == 1
        assert hashlib.sha256(change[8:]).digest()[:4] == change[4:8]


def test_compact_is_shorter():
    for name, case in CASES.items():
        if case["codec"] == 2:
            assert len(case["encoded"]) < len(case["item"]) / 3, name


@pytest.mark.parametrize("data", VECTORS["malformed"])
def test_malformed(data):
    with pytest.raises(compact.Malformed):
        compact.read(bytes.fromhex(data))


def test_any_flip_is_read_or_malformed():
    """What it then gives is not what was signed: the root does not fit. (Some bits after the end of a deflated stream say nothing.)"""
    data = bytes.fromhex(CASES["compact: every kind of value, three people, two documents"]["encoded"])
    malformed = 0
    for place in range(len(data)):
        spoiled = bytearray(data)
        spoiled[place] ^= 1
        try:
            wire.same_form(compact.read(bytes(spoiled)))
        except compact.Malformed:
            malformed += 1
    assert malformed > len(data) / 4

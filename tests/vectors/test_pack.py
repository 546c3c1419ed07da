"""pack.json: parts of packs, and what they tell, put together again."""

import json
from pathlib import Path

import cbor2
import pytest

import pack
import wire

VECTORS = json.loads((Path(__file__).parent / "pack.json").read_text())
KEYS = json.loads((Path(__file__).parent / "wire.json").read_text())
SPACE = bytes.fromhex(KEYS["ids"]["space"])
DEVICES = [wire.Device(bytes.fromhex(device["seed"]), SPACE, b"") for device in KEYS["devices"]]
SECRETS = {device.device: device.signing for device in DEVICES}
PARTS = {part["name"]: part for part in VECTORS["parts"]}


def signed_by(secret, purpose, body):
    return wire.sign(secret, b"rafiq " + purpose + b" v1\0" + body)


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_its_stewards(name):
    _, (body, signature, _) = wire.same_form(bytes.fromhex(PARTS[name]["item"]))
    fields = wire.same_form(body)
    assert fields[2] == SPACE and fields[3] == DEVICES[0].device
    assert signed_by(DEVICES[0].signing, b"pack", body) == signature
    assert fields[6] == [b"\xa1" * 16, 1, 1_000]


@pytest.mark.parametrize("name", PARTS)
def test_its_entries_are_their_authors(name):
    told = pack.entries(bytes.fromhex(PARTS[name]["item"]))
    assert [cbor2.dumps(entry).hex() for entry in told] == PARTS[name]["entries"]
    for header, signature, changes in told:
        fields = wire.same_form(header)
        assert wire.root(fields, changes) == fields[11]
        assert signed_by(SECRETS[fields[4]], b"entry", header) == signature


def test_operations_and_ends():
    body = lambda name: wire.same_form(wire.same_form(bytes.fromhex(PARTS[name]["item"]))[1][0])
    operations = [wire.derive("operation", operation).hex() for operation, _ in body("operations")[8]]
    assert operations == KEYS["ids"]["operations"]
    last = body("the last")
    assert last[12] is True and [end[:3] for end in last[13]] == sorted([device.device, 1, 2] for device in DEVICES)
    assert last[13][0][3] in [wire.derive("entry", header) for header, _, _ in pack.entries(bytes.fromhex(PARTS["entries that name each other"]["item"]))]


def test_short_heads_are_shorter():
    together = len(PARTS["entries that name each other"]["item"])
    assert together < sum(map(len, PARTS["entries that name each other"]["entries"]))


def test_compact():
    case = VECTORS["compact"]
    assert wire.decode(case["codec"], bytes.fromhex(case["encoded"])).hex() == case["item"]
    assert case["item"] == PARTS["real changes"]["item"]
    assert len(case["encoded"]) < len(case["item"]) / 3

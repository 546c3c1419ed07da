"""exchange.json: a request to a relay and an answer, taken apart and signed again."""

import json
from pathlib import Path

import wire

VECTORS = json.loads((Path(__file__).parent / "exchange.json").read_text())
KEYS = json.loads((Path(__file__).parent / "wire.json").read_text())
NONCE = bytes.fromhex(VECTORS["nonce"])
REQUEST = bytes.fromhex(VECTORS["request"])
EPOCH = bytes.fromhex(KEYS["epoch"]["key"])
SPACE = bytes.fromhex(KEYS["ids"]["space"])
DEVICES = [wire.Device(bytes.fromhex(device["seed"]), SPACE, b"\x41" * 16) for device in KEYS["devices"]]


def test_the_first_request_brings_nothing():
    version, nonce, budget, sections, posts = wire.same_form(bytes.fromhex(VECTORS["first_request"]))
    assert (version, nonce, budget, sections, posts) == (1, None, 262_144, [], [])


def test_the_request():
    version, nonce, _, sections, posts = wire.same_form(REQUEST)
    assert version == 1 and nonce == NONCE and len(sections) == 2 and len(posts) == 1
    assert wire.derive("exchange request", REQUEST)[:8].hex() == VECTORS["request_id"]
    tag, token, envelope = posts[0]
    assert (tag, token) == (DEVICES[0].inbox.tag, DEVICES[0].inbox.token)
    assert wire.Envelope(envelope).tag == tag


def test_keys_of_sections():
    secrets = [DEVICES[0].founding_relay_key, DEVICES[1].inbox.relay_key]
    for kept, secret in zip(VECTORS["sections"], secrets):
        assert kept["secret"] == secret.hex() and kept["key"] == wire.public(secret).hex()
        assert kept["short_name"] == wire.derive("relay key name", bytes.fromhex(kept["key"]))[:8].hex()


def test_sections_are_signed():
    for kept, (tag, key, signature, body) in zip(VECTORS["sections"], wire.same_form(REQUEST)[3]):
        assert kept["tag"] == tag.hex() and kept["body"] == body.hex()
        opening = wire.fields(wire.same_form(body), 8)[3] is not None
        assert key.hex() == kept["key" if opening else "short_name"]
        assert wire.sign(bytes.fromhex(kept["secret"]), b"rafiq exchange v1\0" + NONCE + tag + body) == signature


def test_bodies():
    opening, reading = (wire.fields(wire.same_form(bytes.fromhex(section["body"])), 8) for section in VECTORS["sections"])
    cursor, put, last, opened, _, covered, drop, within = opening
    assert covered is None and within is None and drop == [[b"\xa6" * 32]]
    assert cursor == 0 and last == bytes(8)
    assert opened == [1, wire.public(wire.derive("epoch list key", EPOCH))]
    assert put == [bytes.fromhex(KEYS["items"][0]["envelope"])]
    assert reading == [[3, 24, 0], [], None, None, None, None, None, [524_288, 65_536]]


def test_the_key_list_is_signed():
    section = VECTORS["sections"][0]
    number, keys, signature, succession = wire.same_form(bytes.fromhex(section["body"]))[4]
    # 1 reads, 2 writes, 3 does both, on the wire and under the signature.
    lines = b"".join(key + bytes([rights]) for key, rights in keys)
    message = b"rafiq relay keys v1\0" + bytes.fromhex(section["tag"]) + number.to_bytes(4, "big") + lines
    assert wire.sign(wire.derive("epoch list key", EPOCH), message) == signature
    # An older epoch's list key hands over to it.
    list_key, [[before, handed]] = succession
    assert list_key == wire.public(wire.derive("epoch list key", EPOCH))
    older = wire.derive("epoch list key", b"\x77" * 32)
    assert before == wire.public(older)
    assert wire.sign(older, b"rafiq relay list key v1\0" + bytes.fromhex(section["tag"]) + list_key) == handed
    expected = [DEVICES[0].founding_relay_key, DEVICES[1].relay_key, wire.derive("reader relay key", EPOCH)]
    assert keys == [[wire.public(secret), rights] for secret, rights in zip(expected, (3, 2, 1))]


def test_the_response():
    version, instance, restores, nonce, results, posts, request = wire.same_form(bytes.fromhex(VECTORS["response"]))
    assert (version, instance, restores, nonce) == (1, b"\xa2" * 16, 1, b"\xa3" * 16)
    assert request.hex() == VECTORS["request_id"]
    assert results[0] == [4, [3, 25, 1], False, 1, [], 3600, b"\xa4" * 8]
    status, cursor, more, stored, envelopes, retry_after, last, left = wire.fields(results[1], 8)
    assert (status, cursor, more, stored, retry_after, last) == (0, [3, 25, 1], True, 0, None, None)
    assert left == [0, 1_200, 70_000]
    assert envelopes == [[25, wire.same_form(REQUEST)[4][0][2]]]
    assert posts == [[3, 60]]

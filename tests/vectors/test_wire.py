"""wire.json: names, keys, items, envelopes and invites, derived again."""

import json
from pathlib import Path

import cbor2
import pytest
from nacl import bindings

import wire

VECTORS = json.loads((Path(__file__).parent / "wire.json").read_text())
IDS = VECTORS["ids"]
SPACE = bytes.fromhex(IDS["space"])
FOUNDING_NONCE = b"\x41" * 16
ENTROPY = b"\x91" * 32
DEVICES = [wire.Device(bytes.fromhex(device["seed"]), SPACE, FOUNDING_NONCE) for device in VECTORS["devices"]]
SECRETS = {device.device: device.signing for device in DEVICES}
EPOCH = bytes.fromhex(VECTORS["epoch"]["key"])
ITEMS = {item["name"]: item for item in VECTORS["items"]}


def item(name):
    return bytes.fromhex(ITEMS[name]["item"])


def body(name):
    """The signed part of an item."""
    return wire.same_form(item(name))[1][0]


@pytest.mark.parametrize("number", range(len(DEVICES)))
def test_keys_of_a_device(number):
    kept, device = VECTORS["devices"][number], DEVICES[number]
    assert device.device.hex() == kept["device"]
    assert device.published_inbox.key.hex() == kept["published_inbox"]
    for name in ("relay_key", "founding_relay_key", "list_key"):
        assert wire.public(getattr(device, name)).hex() == kept[name], name
    for name in ("key", "token", "tag", "key_id"):
        assert getattr(device.inbox, name).hex() == kept["inbox"][name], name
    for name in ("relay_key", "list_key"):
        assert wire.public(getattr(device.inbox, name)).hex() == kept["inbox"][name], name


def test_keys_of_founder_and_epoch():
    founder, epoch = VECTORS["founder"], VECTORS["epoch"]
    assert wire.public(wire.derive("founder key", bytes.fromhex(founder["seed"]))).hex() == founder["key"]
    assert wire.derive("epoch key id", EPOCH)[:8].hex() == epoch["key_id"]
    assert wire.public(wire.derive("epoch list key", EPOCH)).hex() == epoch["list_key"]
    assert wire.public(wire.derive("reader relay key", EPOCH)).hex() == epoch["reader_relay_key"]


def test_names():
    operations = [body(f"operation: {what}") for what in ("found", "add", "publish inbox")]
    assert [wire.derive("operation", operation).hex() for operation in operations] == IDS["operations"]
    assert wire.derive("space", operations[0]) == SPACE
    assert wire.derive("space tag", SPACE)[:16].hex() == IDS["space_tag"]
    entries = [body("entry"), body("entry with previous, heads and three documents")]
    assert [wire.derive("entry", entry).hex() for entry in entries] == IDS["entries"]
    header, change = wire.same_form(entries[0]), wire.same_form(item("entry"))[1][2][0][1]
    document = wire.document_id(SPACE, *header[10][0])
    assert document.hex() == IDS["document"]
    assert wire.actor(header[4], header[5], document).hex() == IDS["actor"]
    assert wire.derive("change", change).hex() == IDS["change"]


@pytest.mark.parametrize("name", [name for name in ITEMS if name != "report" and not name.startswith("blob")])
def test_signatures(name):
    """Every signed thing, signed again with the key that it names."""
    number, thing = wire.same_form(item(name))
    signed, signature = thing[0], thing[1]
    fields = wire.same_form(signed)
    assert fields[0] == 1 and fields[1] == 1
    key = SECRETS[wire.SIGNER[number](fields)]
    assert wire.sign(key, b"rafiq " + wire.PURPOSES[number] + b" v1\0" + signed) == signature


@pytest.mark.parametrize("name", [name for name in ITEMS if name.startswith("entry")])
def test_roots(name):
    header, _, changes = wire.same_form(item(name))[1]
    header = wire.same_form(header)
    assert wire.root(header, changes) == header[11]
    assert header[3] == SPACE and header[8] == sorted(header[8])


def test_chain_and_heads():
    first, second = wire.same_form(body("entry")), wire.same_form(body("entry with previous, heads and three documents"))
    assert first[6] == 1 and first[7] is None and second[6] == 2 and second[7] is not None
    assert second[9] == [[first[4], first[5], first[6], bytes.fromhex(IDS["entries"][0])]]
    assert first[8] == [bytes.fromhex(IDS["operations"][2])]


def test_join_request_answers_the_invite():
    request, secret = wire.same_form(body("join request")), b"\x71" * 16
    proof_key = wire.derive("invite proof key", secret, SPACE)
    assert wire.keyed(proof_key, cbor2.dumps(request[7])) == request[3]
    assert wire.invite(VECTORS["invites"][0])[6] == secret


def test_alert_and_its_answer():
    alert, received = wire.same_form(body("alert")), wire.same_form(body("alert received"))
    assert len(item("alert")) <= 1024
    assert alert[3] == "contact-me-today" and alert[9] == [DEVICES[1].inbox.key, DEVICES[1].inbox.token]
    assert received[2] == alert[2]


def test_report_is_unsigned():
    number, report = wire.same_form(item("report"))
    assert number == 6 and wire.same_form(report)[3] == SPACE


def test_blobs_and_their_erasure():
    number, blob = wire.same_form(item("blob"))
    version, needs, author, key, sealed, again = wire.fields(wire.same_form(blob), 6)
    assert (number, version, needs, author, key, again) == (10, 1, 1, DEVICES[1].device, b"\x83" * 32, None)
    assert wire.blob_words(key, sealed) == "چیزی که تنها برای تو است"
    assert wire.same_form(wire.same_form(item("blob, told again"))[1]) == [1, 1, author, key, sealed, 1_000]
    with pytest.raises(AssertionError):
        wire.blob_words(b"\x84" * 32, sealed)
    digest = wire.derive("blob digest", sealed)
    assert digest.hex() == IDS["blob_digest"]
    assert wire.derive("blob", SPACE, author, digest).hex() == IDS["blob"]
    erase = wire.same_form(body("operation: erase"))
    assert erase[2] is True and erase[7] == [6, [[[author, digest]]]]


def test_what_goes_before_a_welcome():
    version, needs, space, author, to, operations = wire.same_form(body("past"))
    assert (version, needs, space) == (1, 1, SPACE)
    # Of the same author and to the same device as the welcome, which has them too since they are few.
    welcome = wire.same_form(body("welcome"))
    assert [author, to] == welcome[3:5] == [device.device for device in DEVICES]
    assert operations == welcome[5][:2]
    assert [wire.derive("operation", signed).hex() for signed, _ in operations] == IDS["operations"][:2]
    for signed, signature in operations:
        key = SECRETS[wire.SIGNER[2](wire.same_form(signed))]
        assert wire.sign(key, b"rafiq operation v1\0" + signed) == signature


@pytest.mark.parametrize("name", ITEMS)
def test_envelopes(name):
    data = bytes.fromhex(ITEMS[name]["envelope"])
    assert wire.derive("envelope id", data).hex() == ITEMS[name]["envelope_id"]
    envelope, kind = wire.Envelope(data), wire.same_form(item(name))[0]
    assert envelope.urgency == (0 if kind in (3, 7) else 2 if kind == 10 else 1)
    room = wire.MAX_ENVELOPE - wire.HEADER - 16
    if kind in (1, 2, 10):
        assert envelope.tag.hex() == IDS["space_tag"] and envelope.key_id.hex() == VECTORS["epoch"]["key_id"]
        assert wire.unwrap(envelope.open(EPOCH), room) == item(name)
        return
    inbox = DEVICES[1].inbox
    assert (envelope.tag, envelope.key_id) == (inbox.tag, inbox.key_id)
    encapsulation = envelope.body[:32]
    shared = bindings.crypto_scalarmult(inbox.secret, encapsulation)
    inner = envelope.open(wire.inbox_secret(shared, encapsulation, inbox.key), encapsulation)
    assert wire.unwrap(inner, room - 32) == item(name)
    assert bindings.crypto_scalarmult_base(wire.sender_key(ENTROPY, inbox.key, inner)) == encapsulation


def test_deflated_envelope():
    envelope = wire.Envelope(bytes.fromhex(VECTORS["deflated"]["envelope"]))
    inner = envelope.open(EPOCH)
    assert inner[0] == 1 and envelope.urgency == 2
    assert wire.unwrap(inner, wire.MAX_ENVELOPE).hex() == VECTORS["deflated"]["item"]


def test_any_flip_is_noticed():
    data = bytes.fromhex(ITEMS["entry"]["envelope"])
    for place in range(0, len(data), 7):
        spoiled = bytearray(data)
        spoiled[place] ^= 1
        with pytest.raises(Exception):
            wire.Envelope(bytes(spoiled)).open(EPOCH)
            assert wire.Envelope(bytes(spoiled)).head[:26] == data[:26]


@pytest.mark.parametrize("number", range(2))
def test_invites(number):
    fields = wire.invite(VECTORS["invites"][number])
    inbox = DEVICES[0].inbox
    assert fields[:4] == [1, 1, number + 1, SPACE]
    assert fields[7:9] == [DEVICES[0].device, [inbox.key, inbox.token]]
    assert (fields[11] is None) == (number == 0)

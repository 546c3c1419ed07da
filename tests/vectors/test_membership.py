"""membership.json: devices vouched for, taken out and let in again, and the epochs that follow, derived again."""

import json
from pathlib import Path

import pytest
from nacl import bindings

import wire

VECTORS = json.loads((Path(__file__).parent / "membership.json").read_text())
BEFORE = json.loads((Path(__file__).parent / "wire.json").read_text())
SPACE = bytes.fromhex(BEFORE["ids"]["space"])
STEWARD, NEWCOMER = (wire.Device(bytes.fromhex(device["seed"]), SPACE, b"\x41" * 16) for device in BEFORE["devices"])
SECOND = wire.Device(bytes.fromhex(VECTORS["second_device"]["seed"]), SPACE, b"\x41" * 16)
FOUNDER = wire.derive("founder key", bytes.fromhex(BEFORE["founder"]["seed"]))
SECRETS = {device.device: device.signing for device in (STEWARD, NEWCOMER, SECOND)} | {wire.public(FOUNDER): FOUNDER}
OPERATIONS = {operation["name"]: operation for operation in VECTORS["operations"]}
KEYS = {bytes.fromhex(key["key_id"]): (key["number"], bytes.fromhex(key["key"])) for key in VECTORS["keys"]}
FIRST, ELSEWHERE, JOINED = KEYS
ENTROPY = b"\x93" * 32


def operation(name):
    """Fields of an operation, and its bytes as they were signed."""
    number, (body, _) = wire.same_form(bytes.fromhex(OPERATIONS[name]["item"]))
    assert number == 2
    return wire.same_form(body), body


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_are_signed_and_named(name):
    number, (body, signature) = wire.same_form(bytes.fromhex(OPERATIONS[name]["item"]))
    fields = wire.same_form(body)
    assert fields[:2] == [1, 1] and fields[2] is (name != "join") and fields[3] == SPACE and len(body) <= 8 * 1024
    key = SECRETS[wire.SIGNER[number](fields)]
    assert wire.sign(key, b"rafiq operation v1\0" + body) == signature
    assert wire.derive("operation", body).hex() == OPERATIONS[name]["hash"]


def test_each_names_the_one_before():
    names = [BEFORE["ids"]["operations"][-1]] + [operation["hash"] for operation in VECTORS["operations"]]
    for before, name in zip(names, OPERATIONS):
        assert operation(name)[0][4] == [bytes.fromhex(before)]


def test_a_device_is_vouched_for_by_another_of_its_person():
    fields, _ = operation("add: a second device")
    number, (person, record, role) = fields[7]
    assert (number, role, fields[5]) == (2, 2, NEWCOMER.device)
    assert record == [SECOND.device, 3, [SECOND.inbox.key, SECOND.inbox.token], wire.public(SECOND.relay_key)]
    first = wire.same_form(wire.same_form(bytes.fromhex(BEFORE["items"][3]["item"]))[1][0])
    assert person == first[7][1][0], "the same person as the device that vouches"


def test_a_removal_has_its_cut():
    fields, _ = operation("remove")
    number, (devices, cut) = fields[7]
    assert (number, devices, fields[5]) == (4, [NEWCOMER.device], STEWARD.device)
    assert cut == [[NEWCOMER.device, 1, 2, bytes.fromhex(BEFORE["ids"]["entries"][1])]]


def test_a_steward_keeps_what_lies_beyond():
    fields, _ = operation("keep")
    number, (ends,) = fields[7]
    assert number == 5 and ends == [[NEWCOMER.device, 1, 3, b"\x52" * 32]]


def test_the_founders_key_has_no_incarnation():
    fields, _ = operation("add: by the founder's key")
    assert (fields[5], fields[6], fields[7][1][2]) == (wire.public(FOUNDER), 0, 3)


def test_a_join_does_nothing_and_nobody_waits_for_what_it_is():
    fields, _ = operation("join")
    assert (fields[2], fields[5], fields[7]) == (False, STEWARD.device, [7, None])


def epoch():
    number, (body, signature) = wire.same_form(bytes.fromhex(VECTORS["epoch"]))
    assert number == 8
    fields = wire.same_form(body)
    assert wire.sign(SECRETS[wire.SIGNER[8](fields)], b"rafiq epoch v1\0" + body) == signature
    return fields


def test_an_epoch_knows_of_the_removal():
    version, needs, space, author, incarnation, number, key_id, heads, seals, parents = epoch()
    assert [version, needs, space, author, incarnation] == [1, 1, SPACE, STEWARD.device, 1]
    assert heads == [bytes.fromhex(OPERATIONS["keep"]["hash"])]
    assert key_id == JOINED and number == KEYS[JOINED][0] == max(parent[0] for parent in parents) + 1
    devices = [seal[0] for seal in seals]
    assert devices == sorted([STEWARD.device, SECOND.device]), "and not the one that was taken out"


def test_keys_are_named():
    for key_id, (_, key) in KEYS.items():
        assert wire.derive("epoch key id", key)[:8] == key_id


@pytest.mark.parametrize("device", [STEWARD, SECOND], ids=["steward", "second device"])
def test_a_seal_opens_for_its_device(device):
    fields = epoch()
    _, encapsulation, sealed = next(seal for seal in fields[8] if seal[0] == device.device)
    shared = bindings.crypto_scalarmult(device.inbox.secret, encapsulation)
    about = SPACE + fields[6] + device.device
    key = wire.open_seal(shared, encapsulation, device.inbox.key, b"rafiq epoch v1", about, sealed)
    assert key == KEYS[JOINED][1]
    # And it was made of what the page says that it was made of.
    secret = wire.ephemeral(wire.derive("epoch entropy", ENTROPY, device.inbox.key, key))
    assert bindings.crypto_scalarmult_base(secret) == encapsulation
    for other in (NEWCOMER, STEWARD, SECOND):
        if other is not device:
            shared = bindings.crypto_scalarmult(other.inbox.secret, encapsulation)
            with pytest.raises(Exception):
                wire.open_seal(shared, encapsulation, other.inbox.key, b"rafiq epoch v1", about, sealed)


def test_a_key_opens_its_parents():
    parents, key = epoch()[9], KEYS[JOINED][1]
    assert [parent[1] for parent in parents] == sorted([FIRST, ELSEWHERE])
    cipher = wire.derive("epoch parent key", key)
    for number, key_id, sealed in parents:
        nonce, body = sealed[:24], sealed[24:]
        opened = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(body, key_id, nonce, cipher)
        assert (number, opened) == KEYS[key_id]
        assert nonce == wire.derive("epoch parent nonce", key, opened)[:24]


def test_an_epoch_travels_under_its_parents_keys_and_its_own():
    for sealed, (key_id, (_, key)) in zip(VECTORS["envelopes"], KEYS.items(), strict=True):
        envelope = wire.Envelope(bytes.fromhex(sealed["envelope"]))
        assert envelope.key_id == key_id == bytes.fromhex(sealed["key_id"])
        assert (envelope.tag.hex(), envelope.urgency) == (BEFORE["ids"]["space_tag"], 1)
        assert wire.unwrap(envelope.open(key), wire.MAX_ENVELOPE).hex() == VECTORS["epoch"]

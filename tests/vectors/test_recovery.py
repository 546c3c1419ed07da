"""recovery.json: a kit's words and its keys, derived again. The words are BIP-39's, so its list is read where the library keeps it."""

import hashlib
import json
from pathlib import Path

import pytest

import wire

VECTORS = json.loads((Path(__file__).parent / "recovery.json").read_text())
LIST = (Path(__file__).parents[2] / "core/src/recovery/english.txt").read_bytes()
WORDS = LIST.decode().split()
SPACE = bytes.fromhex(VECTORS["space"])


def words(entropy):
    """128 bits, the first four of their SHA-256, and eleven for each word."""
    bits = int.from_bytes(entropy, "big") << 4 | hashlib.sha256(entropy).digest()[0] >> 4
    return " ".join(WORDS[bits >> 11 * place & 2047] for place in reversed(range(12)))


def test_the_list_is_bip_39s():
    assert len(WORDS) == 2048 and WORDS == sorted(WORDS)
    assert hashlib.sha256(LIST).hexdigest() == "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"


@pytest.mark.parametrize("kit", VECTORS["kits"], ids=lambda kit: kit["entropy"][:4])
def test_words_and_keys_follow_from_the_secret(kit):
    entropy = bytes.fromhex(kit["entropy"])
    assert words(entropy) == kit["words"]
    seed = wire.derive("recovery kit seed", entropy)
    assert seed.hex() == kit["seed"]
    device = wire.Device(seed, SPACE, bytes(16))
    assert device.device.hex() == kit["device"]
    assert (device.inbox.key.hex(), device.inbox.token.hex()) == (kit["inbox"], kit["inbox_token"])
    assert wire.derive("inbox tag", device.inbox.key)[:16].hex() == kit["inbox_tag"]
    inbox_seed = wire.derive("device inbox seed", seed)
    assert wire.public(wire.derive("inbox relay key", inbox_seed)).hex() == kit["inbox_relay_key"]
    assert wire.public(device.relay_key).hex() == kit["relay_key"]


def test_the_known_words_of_others():
    assert VECTORS["kits"][0]["words"] == "abandon " * 11 + "about"
    assert VECTORS["kits"][1]["words"] == "legal winner thank year wave sausage worth useful legal winner thank yellow"
    assert VECTORS["kits"][2]["words"] == "zoo " * 11 + "wrong"

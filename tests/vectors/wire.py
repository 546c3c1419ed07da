"""The wire format of Rafiq written again from core/docs/protocol.md: keys, names, signatures, envelopes. It shares nothing with the
Rust code, so that what both agree on is what the page says."""

import base64
import hashlib
import hmac
import zlib

import cbor2
from blake3 import blake3
from nacl import bindings
from nacl.signing import SigningKey

import compact

HEADER = 82
MAX_ENVELOPE = 65_536
PURPOSES = {1: b"entry", 2: b"operation", 3: b"alert", 4: b"join request", 5: b"welcome", 7: b"alert received", 8: b"epoch", 11: b"past"}
# Where a signed body names the key that signs it.
SIGNER = {1: lambda b: b[4], 2: lambda b: b[5], 3: lambda b: b[4], 4: lambda b: b[7][0], 5: lambda b: b[3], 7: lambda b: b[3], 8: lambda b: b[3], 11: lambda b: b[3]}


def derive(context, *parts, length=32):
    """BLAKE3 in key-derivation mode."""
    return blake3(b"".join(parts), derive_key_context="rafiq 2026 " + context + " v1").digest(length=length)


def keyed(key, *parts, length=32):
    return blake3(b"".join(parts), key=key).digest(length=length)


def public(secret):
    return bytes(SigningKey(secret).verify_key)


def sign(secret, message):
    return SigningKey(secret).sign(message).signature


def same_form(data):
    """The value of CBOR that is in its one form: the shortest, with definite lengths, nothing behind it."""
    value = cbor2.loads(data)
    assert cbor2.dumps(value) == data, "not in its one form"
    return value


def fields(values, count):
    """All fields of an array: absent ones at its end are not written."""
    assert 0 < len(values) <= count and values[-1] is not None
    return values + [None] * (count - len(values))


class Inbox:
    def __init__(self, seed):
        self.secret = derive("inbox key", seed)
        self.key = bindings.crypto_scalarmult_base(self.secret)
        self.token = derive("inbox token", seed)[:16]
        self.tag = derive("inbox tag", self.key)[:16]
        self.key_id = derive("inbox key id", self.key)[:8]
        self.relay_key = derive("inbox relay key", seed)
        self.list_key = derive("inbox list key", seed)


class Device:
    def __init__(self, seed, space, nonce):
        self.signing = derive("device signing key", seed)
        self.device = public(self.signing)
        self.inbox = Inbox(derive("device inbox seed", seed))
        self.published_inbox = Inbox(derive("published inbox seed", seed, space))
        self.relay_key = derive("relay key", seed, space)
        self.founding_relay_key = derive("founding relay key", seed, nonce)
        self.list_key = derive("device list key", seed, space)


def document_id(space, kind, bucket, generation):
    bucket = bucket.encode()
    return derive("document id", space, kind.to_bytes(2, "big"), len(bucket).to_bytes(8, "big"), bucket, generation.to_bytes(4, "big"))


def actor(device, incarnation, document):
    return derive("actor id", device, incarnation.to_bytes(4, "big"), document)[:16]


def root(header, changes):
    """What an entry signs of its changes."""
    documents = [document_id(header[3], *name) for name in header[10]]
    return derive("entry root", *(documents[place] + derive("change", change) for place, change in changes))


def decode(codec, payload):
    if codec == 0:
        return payload
    if codec == 1:
        return zlib.decompress(payload, -15)
    assert codec in (2, 3), "a codec to come"
    return compact.read(payload, 1 if codec == 2 else 9)


def blob_words(key, sealed):
    """The words of a blob: its commitment to the key, then they under it; one key seals one blob, so the nonce is zeros."""
    commitment, ciphertext = sealed[:32], sealed[32:]
    assert commitment == derive("blob commitment", key), "the commitment"
    cipher = derive("blob cipher key", key)
    return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, commitment, bytes(24), cipher).decode()


def padded(length):
    length = max(length, 512)
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


class Envelope:
    """The parts of an envelope, and what they must be for a key."""

    def __init__(self, data):
        assert HEADER + 16 <= len(data) <= MAX_ENVELOPE
        self.data = data
        self.head, self.body = data[:HEADER], data[HEADER:]
        self.version, self.tag, self.urgency = data[0], data[1:17], data[17]
        self.key_id, self.nonce, self.commitment = data[18:26], data[26:50], data[50:82]

    def open(self, secret, encapsulation=b""):
        """What was sealed, encoded: codec, length, payload, padding."""
        cipher, nonce_key, commit = (derive(f"envelope {what} key", secret) for what in ("cipher", "nonce", "commitment"))
        head = self.head[:50]
        assert keyed(commit, head) == self.commitment, "the commitment"
        sealed = self.body[len(encapsulation):]
        inner = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, self.head, self.nonce, cipher)
        assert keyed(nonce_key, self.tag, bytes([self.urgency]), inner)[:24] == self.nonce, "the nonce"
        again = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(inner, self.head, self.nonce, cipher)
        assert self.head + encapsulation + again == self.data, "sealed again it is the same"
        return inner


def unwrap(inner, room):
    """The item inside: codec 1, length 4, payload, zeros up to a Padmé length."""
    codec, length = inner[0], int.from_bytes(inner[1:5], "big")
    payload, padding = inner[5 : 5 + length], inner[5 + length :]
    assert len(payload) == length and not any(padding)
    assert len(inner) == min(padded(5 + length), room)
    return decode(codec, payload)


def extract(salt, suite, label, data):
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + data, hashlib.sha256)


def expand(secret, suite, label, info, length=32):
    assert length <= 32
    return hmac.digest(secret, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info + b"\x01", hashlib.sha256)[:length]


# HPKE (RFC 9180) in base mode: X25519, HKDF-SHA256, ChaCha20-Poly1305.
KEM, SUITE = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"


def schedule(shared, encapsulation, key, info):
    """HPKE's key schedule: a function that derives what is labelled so."""
    secret = expand(extract(b"", KEM, b"eae_prk", shared), KEM, b"shared_secret", encapsulation + key)
    context = b"\x00" + extract(b"", SUITE, b"psk_id_hash", b"") + extract(b"", SUITE, b"info_hash", info)
    scheduled = extract(secret, SUITE, b"secret", b"")
    return lambda label, length=32: expand(scheduled, SUITE, label, context, length)


def inbox_secret(shared, encapsulation, key):
    """The exported key of an envelope to an inbox."""
    exporter = schedule(shared, encapsulation, key, b"rafiq inbox v1")(b"exp")
    return expand(exporter, SUITE, b"sec", b"rafiq inbox key v1")


def open_seal(shared, encapsulation, key, info, about, sealed):
    """What was sealed with HPKE's own cipher, as the first message of its context."""
    labelled = schedule(shared, encapsulation, key, info)
    return bindings.crypto_aead_chacha20poly1305_ietf_decrypt(sealed, about, labelled(b"base_nonce", 12), labelled(b"key"))


def ephemeral(seed):
    """The ephemeral key that HPKE's DeriveKeyPair makes of a sender's seed."""
    return expand(extract(b"", KEM, b"dkp_prk", keyed(seed)), KEM, b"sk", b"")


def sender_key(entropy, key, inner):
    """The ephemeral key of an envelope to an inbox, if the sender's host gave this entropy."""
    return ephemeral(derive("inbox entropy", entropy, key, inner))


def invite(text):
    prefix, letters = text.split(":")
    assert prefix == "RAFIQ1"
    whole = base64.b32decode(letters + "=" * (-len(letters) % 8))
    data, checksum = whole[:-4], whole[-4:]
    assert derive("invite checksum", data)[:4] == checksum
    assert "RAFIQ1:" + base64.b32encode(whole).decode().rstrip("=") == text
    return same_form(data)

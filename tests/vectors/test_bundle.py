"""bundle.json: a bundle written again, and read when it is whole, damaged, cut and mended."""

import json
from pathlib import Path

import pytest

import bundle
import wire

VECTORS = json.loads((Path(__file__).parent / "bundle.json").read_text())
ENVELOPES = [bytes.fromhex(envelope) for envelope in VECTORS["envelopes"]]
WHOLE = bytes.fromhex(VECTORS["bundle"])
CASES = {case["name"]: case for case in VECTORS["cases"]}


def test_it_is_written_the_same():
    assert bundle.write(ENVELOPES[:3]) + bundle.write(ENVELOPES[3:]) == WHOLE
    assert bundle.write([]).hex() == VECTORS["empty"]


def test_the_most_urgent_stands_first():
    urgencies = [wire.Envelope(envelope).urgency for envelope in ENVELOPES[:4]]
    assert urgencies == [0, 1, 1, 2]


def test_a_full_sheet_is_followed_by_another():
    many = VECTORS["many"]
    data = bundle.write([number.to_bytes(2, "big") for number in range(many["count"])])
    assert len(data) == many["length"]
    assert wire.derive("envelope id", data).hex() == many["name"]
    reader = bundle.Reader(data)
    assert (reader.sheets, len(reader.envelopes), reader.damaged) == (2, many["count"], [])
    first = bundle.Reader(data[: data.rindex(bundle.MAGIC)])
    assert (len(first.envelopes), [word for word, _ in first.damaged]) == (bundle.MOST_ENVELOPES, ["cut"])


def edited(how, *places):
    """The bundle after what a case does to it."""
    data = bytearray(WHOLE)
    if how == "flip":
        data[places[0]] ^= 1
    elif how == "set":
        data[places[0]] = places[1]
    elif how == "cut":
        del data[places[0] :]
    elif how == "drop":
        del data[places[0] : places[1]]
    elif how == "insert":
        data[places[0] : places[0]] = b"noise of some length"
    else:
        assert how == "only"
        data[:] = places[0].encode()
    return bytes(data)


@pytest.mark.parametrize("name", CASES)
def test_what_is_read(name):
    case = CASES[name]
    reader = bundle.Reader(edited(*case["edit"]))
    assert [ENVELOPES.index(envelope) for envelope in reader.envelopes] == case["read"]
    assert reader.damaged == case["damaged"]
    assert reader.is_bundle == case["is_bundle"]


def test_each_kind_of_damage_is_among_the_cases():
    words = {word for case in CASES.values() for word, _ in case["damaged"]}
    assert words == {"cut", "index", "envelope", "trailer", "newer"}


def test_reading_ends_where_too_much_is_damaged():
    reader = bundle.Reader(bundle.MAGIC * 5_000)
    assert len(reader.damaged) == bundle.MOST_DAMAGED + 1 and reader.damaged[-1][0] == "too-much"

"""Packs written again from core/docs/protocol.md: the entries of a part, as their authors signed them."""

import cbor2

import wire


def entries(item):
    """From a part's item to the entries `[header, signature, changes]` that it tells."""
    number, (body, _, changes) = wire.same_form(item)
    fields = wire.same_form(body)
    assert number == 9 and len(fields) == 14
    space, documents, packed = fields[2], fields[10], fields[11]
    told, before, rest = [], {}, list(changes)
    for head, signature, count in packed:
        own, rest = rest[:count], rest[count:]
        assert len(own) == count
        if isinstance(head, bytes):
            names = wire.same_form(head)[10]
        else:
            names = [documents[place] for place in head[6]]
        own = [[names.index(documents[place]), change] for place, change in own]
        header = head if isinstance(head, bytes) else cbor2.dumps(whole(space, head, names, before, own))
        place = wire.same_form(header)[4:7]
        before[tuple(place)] = wire.derive("entry", header)
        told.append([header, signature, own])
    assert not rest
    return told


def whole(space, head, names, before, changes):
    """The header that a short one stands for."""
    device, incarnation, sequence, previous, auth_heads, entry_heads = head[:6]
    if previous is None and sequence > 1:
        previous = before[device, incarnation, sequence - 1]
    ends = [end if len(end) == 4 else end + [before[tuple(end)]] for end in entry_heads]
    header = [1, 1, 1, space, device, incarnation, sequence, previous, auth_heads, ends, names]
    return header + [wire.root(header, changes)]

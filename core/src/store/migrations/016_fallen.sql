-- Entries that fell with one side of a fork: those that stand in the place of others, and what rests on them. They lie aside, whole, in
-- held_item; nobody waits for what names them.
CREATE TABLE fallen (
    entry BLOB PRIMARY KEY,
    space BLOB NOT NULL
) STRICT;
CREATE INDEX fallen_by_space ON fallen (space);
CREATE INDEX held_item_forked ON held_item (space) WHERE reason = 'fork';

-- Those among them that this device has signed, and whose edits it has taken over to write them again: once, whatever comes later.
CREATE TABLE taken_over (
    entry BLOB PRIMARY KEY
) STRICT;

-- Those of a forked chain, of either side, that this device has passed on: they may have come by hand.
CREATE TABLE passed_on (
    entry BLOB PRIMARY KEY
) STRICT;

-- Edits of ours to be written again, in their order. `origin`: the change that they stood in; `base`: what it had been built on, of what
-- has not fallen, as hashes one after the other; `edit`: what it did, by root key and field.
CREATE TABLE again (
    number     INTEGER PRIMARY KEY,
    space      BLOB NOT NULL,
    kind       INTEGER NOT NULL,
    bucket     TEXT NOT NULL,
    generation INTEGER NOT NULL,
    origin     BLOB NOT NULL,
    base       BLOB NOT NULL,
    edit       BLOB NOT NULL
) STRICT;
CREATE INDEX again_by_space ON again (space, number);

-- Envelopes carried for others, which no key of ours opens: read from bundles, handed on in later ones.
CREATE TABLE carried (
    number   INTEGER PRIMARY KEY,
    id       BLOB NOT NULL UNIQUE,
    tag      BLOB NOT NULL,
    urgency  INTEGER NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
CREATE INDEX carried_by_urgency ON carried (urgency, number);
CREATE INDEX carried_by_tag ON carried (tag);

-- When a note that is offered again was first acknowledged. NULL for everything else.
ALTER TABLE outbox ADD COLUMN acknowledged INTEGER;

-- Bounded by bytes, for each relay. A note lies in the outbox or here, never in both, so none can come twice and no index holds the
-- envelopes again. What is looked at stands before the envelope.
CREATE TABLE posted_notes (
    number   INTEGER PRIMARY KEY,
    relay    TEXT NOT NULL,
    at       INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    tag      BLOB NOT NULL,
    token    BLOB NOT NULL,
    urgency  INTEGER NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
INSERT INTO posted_notes (number, relay, at, size, tag, token, urgency, envelope)
    SELECT number, relay, at, length(envelope), tag, token, urgency, envelope FROM posted;
DROP TABLE posted;
ALTER TABLE posted_notes RENAME TO posted;
CREATE INDEX posted_by_relay ON posted (relay, at, size);

-- Notes (welcomes, answers to invites, reports) that a relay has acknowledged, as they left. A relay that is restored from a backup
-- may have lost them, and nothing else in the log holds them: then they are offered again. Alerts are repeated by themselves.
CREATE TABLE posted (
    number   INTEGER PRIMARY KEY,
    relay    TEXT NOT NULL,
    tag      BLOB NOT NULL,
    token    BLOB NOT NULL,
    urgency  INTEGER NOT NULL,
    envelope BLOB NOT NULL UNIQUE,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX posted_by_relay ON posted (relay, at);

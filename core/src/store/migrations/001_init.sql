-- The log (what must be kept) and the book-keeping of its caches. Read-model tables are the nouns' own and are made from code.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- Which projection of each noun the read model holds.
CREATE TABLE noun (
    name    TEXT PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT;

-- The spaces this profile holds, and what it may do there (1 reader, 2 writer, 3 steward).
CREATE TABLE space (
    id     BLOB PRIMARY KEY,
    kind   INTEGER NOT NULL,
    tag    BLOB NOT NULL UNIQUE,
    role   INTEGER NOT NULL,
    title  TEXT NOT NULL,
    relay  TEXT NOT NULL,
    added  INTEGER NOT NULL
) STRICT;

-- Keys of a space: its epochs, or a directory's read keys (purpose 1), and its founder's key (2).
CREATE TABLE space_key (
    space   BLOB NOT NULL,
    purpose INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    key_id  BLOB NOT NULL,
    secret  BLOB NOT NULL,
    PRIMARY KEY (space, purpose, number)
) STRICT;
CREATE INDEX space_key_by_id ON space_key (key_id);

CREATE TABLE operation (
    number INTEGER PRIMARY KEY,
    hash   BLOB NOT NULL UNIQUE,
    space  BLOB NOT NULL,
    bytes  BLOB NOT NULL,
    unsent INTEGER NOT NULL
) STRICT;
CREATE INDEX operation_by_space ON operation (space, number);

-- Every change of every document, in an order in which each stands after its dependencies.
CREATE TABLE change (
    number   INTEGER PRIMARY KEY,
    hash     BLOB NOT NULL UNIQUE,
    space    BLOB NOT NULL,
    document BLOB NOT NULL,
    actor    BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    max_op   INTEGER NOT NULL,
    bytes    BLOB NOT NULL,
    entry    BLOB
) STRICT;
CREATE INDEX change_by_document ON change (document, number);
CREATE UNIQUE INDEX change_by_actor ON change (document, actor, sequence);
CREATE INDEX change_unsent ON change (space, number) WHERE entry IS NULL;

-- What each document is called.
CREATE TABLE document (
    id         BLOB PRIMARY KEY,
    space      BLOB NOT NULL,
    kind       INTEGER NOT NULL,
    bucket     TEXT NOT NULL,
    generation INTEGER NOT NULL
) STRICT;
CREATE INDEX document_by_kind ON document (kind, space);

-- A cache: up to which heads a document's rows in the read model are written, and by which projection.
CREATE TABLE projected (
    document BLOB PRIMARY KEY,
    heads    BLOB NOT NULL,
    version  INTEGER NOT NULL
) STRICT;

-- Signed headers, verbatim. `bytes` is header and signature; the changes beside it are in `change`.
CREATE TABLE entry (
    number      INTEGER PRIMARY KEY,
    hash        BLOB NOT NULL UNIQUE,
    space       BLOB NOT NULL,
    device      BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    header      BLOB NOT NULL,
    signature   BLOB NOT NULL,
    own         INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_chain ON entry (space, device, incarnation, sequence);

-- The furthest entry of each chain that anyone's entry heads have named: what we know to exist. A cache of the headers above.
CREATE TABLE named_head (
    space       BLOB NOT NULL,
    device      BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    PRIMARY KEY (space, device, incarnation)
) STRICT;

-- Invites: ours that are out (own 1), and those we have accepted and wait to be welcomed with (own 0).
CREATE TABLE invite (
    secret  BLOB NOT NULL,
    own     INTEGER NOT NULL,
    space   BLOB NOT NULL,
    relay   TEXT NOT NULL,
    text    TEXT NOT NULL,
    expires INTEGER NOT NULL,
    used    INTEGER NOT NULL,
    PRIMARY KEY (secret, own)
) STRICT;

-- Foreign items that are not part of the log (yet): waiting for what they need, or quarantined with the reason.
CREATE TABLE held_item (
    id      BLOB PRIMARY KEY,
    space   BLOB NOT NULL,
    state   INTEGER NOT NULL,
    step    INTEGER NOT NULL,
    reason  TEXT NOT NULL,
    needs   BLOB,
    item    BLOB NOT NULL,
    arrived INTEGER NOT NULL,
    tries   INTEGER NOT NULL
) STRICT;
CREATE INDEX held_item_by_need ON held_item (needs);
CREATE INDEX held_item_by_space ON held_item (space, state);

-- What is being tried on a clone right now. A row found at the next start says what took the process down.
CREATE TABLE probation (
    id     BLOB PRIMARY KEY,
    deaths INTEGER NOT NULL,
    active INTEGER NOT NULL
) STRICT;

-- Envelopes of ours that the relay has not acknowledged. `token` is set for notes to an inbox.
CREATE TABLE outbox (
    number   INTEGER PRIMARY KEY,
    relay    TEXT NOT NULL,
    tag      BLOB NOT NULL,
    token    BLOB,
    urgency  INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    later    INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_urgency ON outbox (relay, urgency, number);

-- Notes and alerts that came to an inbox of ours, or that we sent to one. A note is kept until a person has dealt with it.
CREATE TABLE note (
    id      BLOB PRIMARY KEY,
    space   BLOB,
    kind    INTEGER NOT NULL,
    own     INTEGER NOT NULL,
    state   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    sent    INTEGER NOT NULL,
    body    BLOB NOT NULL
) STRICT;
CREATE INDEX note_by_kind ON note (kind, state, at);

-- Where we stand with a relay: hints, since completeness comes from entry heads.
CREATE TABLE relay (
    url      TEXT PRIMARY KEY,
    instance BLOB NOT NULL,
    restores INTEGER NOT NULL,
    nonce    BLOB,
    exchanged INTEGER NOT NULL,
    sent      INTEGER NOT NULL,
    received  INTEGER NOT NULL
) STRICT;
CREATE TABLE relay_cursor (
    relay    TEXT NOT NULL,
    tag      BLOB NOT NULL,
    alert    INTEGER NOT NULL,
    small    INTEGER NOT NULL,
    large    INTEGER NOT NULL,
    opened   INTEGER NOT NULL,
    keys     INTEGER NOT NULL,
    PRIMARY KEY (relay, tag)
) STRICT;

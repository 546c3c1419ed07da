-- What a relay knows. No address of anyone, no time finer than a day.

CREATE TABLE relay (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  instance BLOB NOT NULL,               -- 16 random bytes, told to every client
  secret BLOB NOT NULL,                 -- 32 random bytes behind the daily nonces, told to nobody
  restores INTEGER NOT NULL             -- how often this file came back from a backup
) STRICT;

CREATE TABLE space (
  number INTEGER PRIMARY KEY,
  tag BLOB NOT NULL UNIQUE,
  kind INTEGER NOT NULL,                -- 1 space, 2 inbox
  list_key BLOB NOT NULL,               -- signs the lists of allowed keys
  list_number INTEGER NOT NULL,         -- of the list in force; 0 is the opening key alone
  post_token BLOB,                      -- hash of an inbox's post token
  last_position INTEGER NOT NULL,       -- of its newest envelope, also of a deleted one
  bytes INTEGER NOT NULL,               -- of all its envelopes
  day INTEGER NOT NULL                  -- since 1970, on which it was opened
) STRICT;

CREATE TABLE allowed (
  space INTEGER NOT NULL REFERENCES space (number) ON DELETE CASCADE,
  name BLOB NOT NULL,                   -- the key's short name, by which sections call it
  key BLOB NOT NULL,
  rights INTEGER NOT NULL,              -- 1 read, 2 write, 3 both
  PRIMARY KEY (space, name, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE envelope (
  number INTEGER PRIMARY KEY,
  space INTEGER NOT NULL REFERENCES space (number) ON DELETE CASCADE,
  position INTEGER NOT NULL,            -- from 1 within the space, never used twice
  urgency INTEGER NOT NULL,             -- 0 alert, 1 small, 2 large
  writer BLOB,                          -- short name of the key that put it; nobody for a post
  id BLOB NOT NULL,                     -- hash of its bytes
  size INTEGER NOT NULL,
  day INTEGER NOT NULL,                 -- since 1970, on which it arrived
  bytes BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX envelope_once ON envelope (space, id);
CREATE UNIQUE INDEX envelope_order ON envelope (space, urgency, position);
CREATE INDEX envelope_writer ON envelope (space, writer, position) WHERE writer IS NOT NULL;

-- Private words, each sealed under a key of its own: documents know them by their hash alone. `author`: the device that wrote them.
-- `unsent`: they are ours, and the space's members have not got them.
CREATE TABLE blob (
    number INTEGER PRIMARY KEY,
    id     BLOB NOT NULL UNIQUE,
    space  BLOB NOT NULL,
    author BLOB NOT NULL,
    key    BLOB NOT NULL,
    sealed BLOB NOT NULL,
    unsent INTEGER NOT NULL
) STRICT;
CREATE INDEX blob_by_space ON blob (space, number);
CREATE INDEX blob_unsent ON blob (space, number) WHERE unsent = 1;

-- In which envelopes words have travelled, so that the relay can be asked to drop them once they are erased; `dropped`: it has.
CREATE TABLE blob_envelope (
    blob     BLOB NOT NULL,
    envelope BLOB NOT NULL,
    space    BLOB NOT NULL,
    dropped  INTEGER NOT NULL,
    PRIMARY KEY (blob, envelope)
) STRICT;
CREATE INDEX blob_envelope_to_drop ON blob_envelope (space, blob) WHERE dropped = 0;

-- Words that are erased here, also before they have come. `operation`: what was signed so; NULL while it is our wish alone. `at`: by our clock.
CREATE TABLE erased (
    number    INTEGER PRIMARY KEY,
    blob      BLOB NOT NULL UNIQUE,
    space     BLOB NOT NULL,
    author    BLOB NOT NULL,
    digest    BLOB NOT NULL,
    operation BLOB,
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX erased_by_operation ON erased (space, operation);

-- The signed erasures that were carried out here, by which device, and which devices have said the same in an entry of theirs.
CREATE TABLE erasure (
    operation BLOB PRIMARY KEY,
    space     BLOB NOT NULL,
    author    BLOB NOT NULL
) STRICT;
CREATE INDEX erasure_by_space ON erasure (space);
CREATE TABLE erasure_seen (
    operation BLOB NOT NULL,
    device    BLOB NOT NULL,
    PRIMARY KEY (operation, device)
) STRICT;

-- Whose words lie in this envelope: they go with them.
ALTER TABLE outbox ADD COLUMN blob BLOB;
CREATE INDEX outbox_by_blob ON outbox (blob) WHERE blob IS NOT NULL;
-- How far the words of a space are told again behind a pack.
ALTER TABLE pack_draft ADD COLUMN blob INTEGER NOT NULL DEFAULT 0;

-- Two people may each make a space's next key, far from each other: a number is no name. `heads` are the membership operations under which
-- the key was made, 32 bytes each; `joined` says that a later key opens it.
CREATE TABLE space_key_by_key (
    space   BLOB NOT NULL,
    purpose INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    key_id  BLOB NOT NULL,
    secret  BLOB NOT NULL,
    heads   BLOB NOT NULL,
    joined  INTEGER NOT NULL,
    PRIMARY KEY (space, purpose, number, key_id)
) STRICT;
INSERT INTO space_key_by_key SELECT space, purpose, number, key_id, secret, x'', 0 FROM space_key;
DROP TABLE space_key;
ALTER TABLE space_key_by_key RENAME TO space_key;
CREATE INDEX space_key_by_id ON space_key (key_id);

-- Epochs as they were signed, to be handed on; `unsent` if it is ours and the space's members have not got it.
CREATE TABLE epoch (
    number INTEGER PRIMARY KEY,
    hash   BLOB NOT NULL UNIQUE,
    space  BLOB NOT NULL,
    key_id BLOB NOT NULL,
    bytes  BLOB NOT NULL,
    unsent INTEGER NOT NULL
) STRICT;
CREATE INDEX epoch_by_space ON epoch (space, number);

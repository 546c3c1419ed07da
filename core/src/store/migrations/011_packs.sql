-- The newest pack of each space that lies whole on its relay: what it covers there, and the last entry, by our numbers, that needs no
-- other. `own`: this device wrote it and tells the relay so.
CREATE TABLE pack (
    space    BLOB PRIMARY KEY,
    instance BLOB NOT NULL,
    restores INTEGER NOT NULL,
    position INTEGER NOT NULL,
    entry    INTEGER NOT NULL,
    own      INTEGER NOT NULL
) STRICT;

-- A pack that is being written, a part at a time: how far, by the numbers of each table. `written`: its last part lies in the outbox.
CREATE TABLE pack_draft (
    space     BLOB PRIMARY KEY,
    instance  BLOB NOT NULL,
    restores  INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    parts     INTEGER NOT NULL,
    epoch     INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    entry     INTEGER NOT NULL,
    written   INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_by_space ON entry (space, number);

-- Where on its relay an item lies that stands aside: no pack covers it. 0: not known yet, or it came another way. What is aside
-- already lies before everything.
ALTER TABLE held_item ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
UPDATE held_item SET position = 1;

-- A change's place in its entry, where the order of their numbers is another: an entry may go back and forth between documents.
ALTER TABLE change ADD COLUMN place INTEGER;

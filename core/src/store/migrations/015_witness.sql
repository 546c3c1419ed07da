-- An erasure that waits for somebody else's word: it takes away what others wrote, and its author is no steward any more.
ALTER TABLE erasure ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;
CREATE INDEX erasure_waiting ON erasure (space) WHERE waits = 1;

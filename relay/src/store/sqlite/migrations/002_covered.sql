-- Up to which position a pack of the space's members, or an inbox's owner, covers what came before.

ALTER TABLE space ADD COLUMN covered INTEGER NOT NULL DEFAULT 0;

-- Which device signed it: nobody fills this table for the others. NULL for what was kept before.
ALTER TABLE epoch ADD COLUMN author BLOB;
CREATE INDEX epoch_by_author ON epoch (space, author);

-- The list key that signed the list of keys that the relay was last given; NULL for none.
ALTER TABLE relay_cursor ADD COLUMN list_key BLOB;

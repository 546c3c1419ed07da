-- The lives that this device has begun, and why: 1 an entry of its own came back that it did not know, 2 another device (`by`) has seen
-- later work of it, 3 two of its entries stand in one place. `before` is the life that ended.
CREATE TABLE renewal (
    incarnation INTEGER PRIMARY KEY,
    before      INTEGER NOT NULL,
    reason      INTEGER NOT NULL,
    by          BLOB,
    at          INTEGER NOT NULL
) STRICT;
-- Who named it, of several the one who named it first. NULL for what was named before this was kept.
ALTER TABLE named_head ADD COLUMN by BLOB;
-- Our entry in this envelope, while no relay has acknowledged it and no bundle holds it; NULL for everything else.
ALTER TABLE outbox ADD COLUMN entry BLOB;
CREATE INDEX outbox_by_entry ON outbox (entry) WHERE entry IS NOT NULL;
-- The first eight bytes of the newest envelope of ours that the relay has said it holds; NULL for none ever.
ALTER TABLE relay_cursor ADD COLUMN last BLOB;

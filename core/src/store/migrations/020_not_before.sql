-- Since when an inbox has refused a note, and when it is offered again, at the earliest: Unix milliseconds by this device's clock, 0 for never and at
-- once. An inbox that nobody has opened may never be.
ALTER TABLE outbox ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;

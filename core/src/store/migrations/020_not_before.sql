-- When a note to an inbox that was refused is offered again, at the earliest: Unix milliseconds by this device's clock, 0 at once. An inbox that
-- nobody has opened may never be.
ALTER TABLE outbox ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;

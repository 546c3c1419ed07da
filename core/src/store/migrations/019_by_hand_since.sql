-- Since when it is known that the relay may not have it, Unix milliseconds by this device's clock: its author has some days to bring it there,
-- then others who have it do.
ALTER TABLE by_hand ADD COLUMN since INTEGER NOT NULL DEFAULT 0;

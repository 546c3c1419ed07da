-- Since when it is known that the relay may not have it, Unix milliseconds by this device's clock: its author has some days to bring it there,
-- then others who have it do, if it is missing still once the relay has been read to its end.
ALTER TABLE by_hand ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE by_hand ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
UPDATE by_hand SET since = CAST(strftime('%s', 'now') AS INTEGER) * 1000;

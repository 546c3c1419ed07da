-- Whose an entry is that stands aside, as it says itself and has signed; NULL for anything else, and for what stood aside before this was noted.
ALTER TABLE held_item ADD COLUMN author BLOB;
CREATE INDEX held_item_by_author ON held_item (space, author) WHERE author IS NOT NULL;

-- Of what is carried, what one waits to be let into oneself: it has a measure of its own.
ALTER TABLE carried ADD COLUMN awaited INTEGER NOT NULL DEFAULT 0;
CREATE INDEX carried_awaited ON carried (urgency, number) WHERE awaited = 1;
ALTER TABLE carried_size ADD COLUMN awaited INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER carried_more;
DROP TRIGGER carried_less;
CREATE TRIGGER carried_more AFTER INSERT ON carried BEGIN
    UPDATE carried_size SET bytes = bytes + (1 - new.awaited) * length(new.envelope), envelopes = envelopes + 1 - new.awaited,
        awaited = awaited + new.awaited * length(new.envelope);
END;
CREATE TRIGGER carried_less AFTER DELETE ON carried BEGIN
    UPDATE carried_size SET bytes = bytes - (1 - old.awaited) * length(old.envelope), envelopes = envelopes - 1 + old.awaited,
        awaited = awaited - old.awaited * length(old.envelope);
END;
CREATE TRIGGER carried_for_others AFTER UPDATE OF awaited ON carried WHEN old.awaited = 1 AND new.awaited = 0 BEGIN
    UPDATE carried_size SET bytes = bytes + length(new.envelope), envelopes = envelopes + 1, awaited = awaited - length(new.envelope);
END;

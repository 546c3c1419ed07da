-- How much is carried for others: keeping the quota must not count all of it anew for each envelope.
CREATE TABLE carried_size (bytes INTEGER NOT NULL, envelopes INTEGER NOT NULL) STRICT;
INSERT INTO carried_size (bytes, envelopes) SELECT coalesce(sum(length(envelope)), 0), count(*) FROM carried;
CREATE TRIGGER carried_more AFTER INSERT ON carried BEGIN
    UPDATE carried_size SET bytes = bytes + length(new.envelope), envelopes = envelopes + 1;
END;
CREATE TRIGGER carried_less AFTER DELETE ON carried BEGIN
    UPDATE carried_size SET bytes = bytes - length(old.envelope), envelopes = envelopes - 1;
END;

-- Whose device has written these words, by the space's membership when they came: they are shown and erased as that person's alone. NULL for
-- what was kept before, until the next start.
ALTER TABLE blob ADD COLUMN person TEXT;
CREATE INDEX blob_of_nobody ON blob (space, author) WHERE person IS NULL;

-- How much of each device's words lies here: nobody fills the store in another's name.
CREATE TABLE blob_size (
    space  BLOB NOT NULL,
    author BLOB NOT NULL,
    bytes  INTEGER NOT NULL,
    PRIMARY KEY (space, author)
) STRICT;
INSERT INTO blob_size (space, author, bytes) SELECT space, author, sum(length(sealed)) FROM blob GROUP BY space, author;
CREATE TRIGGER blob_more AFTER INSERT ON blob BEGIN
    INSERT INTO blob_size (space, author, bytes) VALUES (new.space, new.author, length(new.sealed))
    ON CONFLICT (space, author) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER blob_less AFTER DELETE ON blob BEGIN
    UPDATE blob_size SET bytes = bytes - length(old.sealed) WHERE space = old.space AND author = old.author;
END;

-- What waits for a word, or for what names it, is looked for after each item.
CREATE INDEX held_item_by_reason ON held_item (space, reason) WHERE state = 1;

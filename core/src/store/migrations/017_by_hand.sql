-- Entries of others that are here and that the space's relay is not known to have: they came by hand, or it was put back to an earlier day.
-- While their author belongs, the author brings them there. Whoever is out cannot, and then it is for those who have them.
CREATE TABLE by_hand (
    hash BLOB NOT NULL PRIMARY KEY,
    space BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX by_hand_of ON by_hand (space);

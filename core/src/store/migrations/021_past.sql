-- Operations that go before a welcome, of spaces that this device has asked to be let into: gone once it is in. `author`: the device that sent
-- them, the one whose invite was accepted; `note`: in which of its notes, counted from 1.
CREATE TABLE past (
    space  BLOB NOT NULL,
    author BLOB NOT NULL,
    hash   BLOB NOT NULL,
    note   INTEGER NOT NULL,
    bytes  BLOB NOT NULL,
    PRIMARY KEY (space, author, hash)
) STRICT;
CREATE INDEX past_by_hash ON past (hash);

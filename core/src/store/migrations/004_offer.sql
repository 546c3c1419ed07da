-- A relay that was restored, or is another one, is offered again what is ours in a space, a few entries at a time: those after `after`
-- and up to `until`, by their numbers. What is new leaves behind them. No row: nothing is to be offered again.
CREATE TABLE offer (
    space   BLOB PRIMARY KEY,
    after   INTEGER NOT NULL,
    until   INTEGER NOT NULL
) STRICT;

-- A recovery kit of the personal space: what tells that there is one, and what opens its inbox on a relay again if that was restored from a
-- backup. Nothing here reads what is sealed to the kit; that is in the words alone, which are on paper. `opening`: the seed of the key by
-- which the relay knows the inbox. `made`: Unix milliseconds, by our clock.
CREATE TABLE kit (
    device   BLOB PRIMARY KEY,
    space    BLOB NOT NULL,
    inbox    BLOB NOT NULL,
    token    BLOB NOT NULL,
    opening  BLOB NOT NULL,
    list_key BLOB NOT NULL,
    made     INTEGER NOT NULL
) STRICT;

-- A personal space that was found by a kit and is not read to its end yet. `relay_key`: the seed of the key by which the relay knows the kit there.
CREATE TABLE recovery (
    space     BLOB PRIMARY KEY,
    relay_key BLOB NOT NULL
) STRICT;

-- Entries that no codec of ours makes fit an envelope, as their author has packed them: codec, then payload. NULL: asked for once more.
CREATE TABLE as_packed (
    entry  BLOB PRIMARY KEY,
    packed BLOB
) STRICT;

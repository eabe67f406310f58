-- One row, whose value is the highest number that was ever handed out.
CREATE TABLE counter (
    id smallint PRIMARY KEY CHECK (id = 1),
    value bigint NOT NULL CHECK (value >= 0)
)
-- Every update writes a new version of the row. Room on the page lets it stay there (a heap-only tuple), so that the
-- index need not change and the old versions are pruned in passing, without waiting for a vacuum.
WITH (fillfactor = 10);

INSERT INTO counter (id, value) VALUES (1, 0);

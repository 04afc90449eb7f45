-- The column is virtual: it takes no space in the rows, and the server adds it at once. Its value
-- comes from the JSON text of the session. A value of another type, or one that is too long, is
-- NULL and no error. So the application can save every session.
-- The server builds the index while the table is in use. Both statements wait at most one second
-- for a long transaction on the table, and then fail: all users of the table wait behind them.
-- Repeat them until they succeed.
SET SESSION lock_wait_timeout = 1;
ALTER TABLE {{table}} ADD COLUMN {{attribute}} {{type}} AS ({{value}}) VIRTUAL, ALGORITHM = INSTANT;
ALTER TABLE {{table}} ADD INDEX {{attribute_index}} ({{attribute}}, {{sid}}),
  ALGORITHM = INPLACE, LOCK = NONE;
SET SESSION lock_wait_timeout = 60;

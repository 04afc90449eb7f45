-- The column is virtual: it takes no room in the rows, is there at once, and holds what the session's text says, of
-- which nothing has to be copied. A value of another type, or too long, is NULL in it and never an error, so that every session
-- can be saved. The index is built while the table is in use. Both wait a second at most for whoever has the table in a
-- long transaction, for everybody else would wait behind them: then they fail, and are to be tried again.
SET SESSION lock_wait_timeout = 1;
ALTER TABLE `sessions` ADD COLUMN `attribute` {type} AS ({value}) VIRTUAL, ALGORITHM = INSTANT;
ALTER TABLE `sessions` ADD INDEX `attribute_idx` (`attribute`, `sid`), ALGORITHM = INPLACE, LOCK = NONE;
SET SESSION lock_wait_timeout = DEFAULT;

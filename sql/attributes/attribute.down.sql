SET SESSION lock_wait_timeout = 1;
ALTER TABLE {{table}} DROP INDEX {{attribute_index}}, ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE {{table}} DROP COLUMN {{attribute}}, ALGORITHM = INPLACE, LOCK = NONE;
SET SESSION lock_wait_timeout = 60;

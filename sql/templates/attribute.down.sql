SET SESSION lock_wait_timeout = 1;
ALTER TABLE `sessions` DROP INDEX `attribute_idx`, ALGORITHM = INPLACE, LOCK = NONE;
ALTER TABLE `sessions` DROP COLUMN `attribute`, ALGORITHM = INPLACE, LOCK = NONE;
SET SESSION lock_wait_timeout = DEFAULT;

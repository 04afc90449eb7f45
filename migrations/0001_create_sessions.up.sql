-- One row a session. All times are UTC, to the millisecond, and come from the server's clock alone.
-- The session's id compares byte by byte (ascii_bin), so that letter case counts. The routines refuse
-- ids with blanks, because this collation would take 'id' and 'id ' for the same.
CREATE TABLE IF NOT EXISTS `sessions` (
  `sid` VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `sess` JSON NOT NULL,
  `expired` DATETIME(3) NOT NULL,
  `created_at` DATETIME(3) NOT NULL,
  `updated_at` DATETIME(3) NOT NULL,
  PRIMARY KEY (`sid`),
  KEY `sessions_expired_idx` (`expired`)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

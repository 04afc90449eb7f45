-- The migration log: each installed step with a checksum of its SQL. Only the installer uses it.
-- The key has at most 767 bytes, which fits every row format. The row of the kind `lock` is no
-- step: an installer locks it while it works.
CREATE TABLE IF NOT EXISTS {{log}} (
  `kind` VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `name` VARCHAR(180) NOT NULL,
  `details` JSON NULL,
  `checksum` CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `applied_at` DATETIME(3) NOT NULL,
  PRIMARY KEY (`kind`, `name`)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

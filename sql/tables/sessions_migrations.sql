-- The migration log: who installed what, when, with which package version, and how long it took. It
-- only grows. The newest row of a kind and a name counts. The row of the kind `installation` has
-- the choices that belong together. The row of the kind `lock` is no step: an installer locks it
-- while it works.
CREATE TABLE IF NOT EXISTS {{log}} (
  `id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  `kind` VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `name` VARCHAR(255) NOT NULL,
  `action` VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `details` JSON NULL,
  `checksum` CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `package_version` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `applied_by` VARCHAR(288) NOT NULL,
  `applied_at` DATETIME(3) NOT NULL,
  `duration_ms` BIGINT NULL,
  PRIMARY KEY (`id`)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin COMMENT = '{{log_comment}}';

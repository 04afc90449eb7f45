-- What has been installed, and a checksum of the text that did it. Read and written by the installer only.
CREATE TABLE IF NOT EXISTS `sessions_migrations` (
  `name` VARCHAR(512) NOT NULL,
  `checksum` CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `applied_at` DATETIME(3) NOT NULL,
  PRIMARY KEY (`name`)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- One row for each session. All times are UTC with milliseconds, from the server's clock. Ids
-- compare byte by byte (ascii_bin), so letter case counts. For this collation, 'id' equals 'id ',
-- so the routines refuse ids with blanks.
CREATE TABLE IF NOT EXISTS {{table}} (
  {{sid}} VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `sess` JSON NOT NULL,
  `expired` DATETIME(3) NOT NULL,
  `created_at` DATETIME(3) NOT NULL,
  `updated_at` DATETIME(3) NOT NULL,
  PRIMARY KEY ({{sid}}),
  KEY {{index}} (`expired`)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin COMMENT = '{{marker}}';

-- The text goes out as bytes, which no character set of a connection can turn into question marks.
-- The index takes ids in its own character set, to which other letters are question marks and trailing blanks are
-- nothing: so whatever it finds is held against the id's bytes.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_get_many` (
  IN p_sids LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
)
COMMENT 'Reads several live sessions from `sessions` at once, as `sess_get` reads one.
IN p_sids: a JSON array of sessions'' ids.
OUT a row for each live session: position (of its id in the array, from 1), sess (JSON text, as bytes of UTF-8), ttl_ms (milliseconds it has left), age_ms (milliseconds since it was created).'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
/*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT
  asked.position AS position,
  CONVERT(`sess` USING binary) AS sess,
  TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), `expired`) DIV 1000 AS ttl_ms,
  TIMESTAMPDIFF(MICROSECOND, `created_at`, UTC_TIMESTAMP(3)) DIV 1000 AS age_ms
FROM JSON_TABLE(p_sids, '$[*]' COLUMNS (
  position FOR ORDINALITY,
  id VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$'
)) AS asked
STRAIGHT_JOIN `sessions` FORCE INDEX (PRIMARY)
  ON `sessions`.`sid` = CONVERT(asked.id USING ascii) COLLATE ascii_bin AND HEX(`sessions`.`sid`) = HEX(asked.id)
WHERE `expired` > UTC_TIMESTAMP(3);

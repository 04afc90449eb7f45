-- Ids and texts go out as bytes, which no character set of a connection can turn into other characters.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_all` (
  IN p_after VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
  IN p_limit INT
)
COMMENT 'Reads live sessions from `sessions`, a page at a time, in the order of their ids.
IN p_after: the last id of the page before, empty for the first page. p_limit: how many at most, 1 or more.
OUT a row a session: sid (as bytes), sess (JSON text, as bytes of UTF-8), ttl_ms (milliseconds it has left), age_ms (milliseconds since it was created).'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
BEGIN
  IF p_limit IS NULL OR p_limit < 1 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_all`: p_limit must be at least 1';
  END IF;
  /*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT
    CAST(`sid` AS BINARY) AS sid,
    CONVERT(`sess` USING binary) AS sess,
    TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), `expired`) DIV 1000 AS ttl_ms,
    TIMESTAMPDIFF(MICROSECOND, `created_at`, UTC_TIMESTAMP(3)) DIV 1000 AS age_ms
  FROM `sessions`
  WHERE `sid` > p_after AND `expired` > UTC_TIMESTAMP(3)
  ORDER BY `sessions`.`sid`
  LIMIT p_limit;
END;

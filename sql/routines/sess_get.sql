-- The text goes out as bytes, which no character set of a connection can turn into question marks.
-- The id comes as bytes, because a parameter is converted in the caller's sql_mode: one that is not strict
-- would cut a long id, or turn its letters into question marks, and so hit another session.
-- A node of a Galera cluster waits here for what the other nodes have written, or a session would be read as it was
-- before. To other servers, with which nothing is there to wait for, that is a comment, or nothing at all.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_get` (
  IN p_sid LONGBLOB
)
COMMENT 'Reads one live session from `sessions`.
IN p_sid: the session''s id.
OUT one row, or none where there is no live session: sess (JSON text, as bytes of UTF-8), ttl_ms (milliseconds it has left), age_ms (milliseconds since it was created).'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin DEFAULT
    IF(LENGTH(p_sid) BETWEEN 1 AND 255 AND CONVERT(p_sid USING latin1) COLLATE latin1_bin NOT REGEXP '[^!-~]', p_sid, NULL);
  /*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT
    CONVERT(`sess` USING binary) AS sess,
    TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), `expired`) DIV 1000 AS ttl_ms,
    TIMESTAMPDIFF(MICROSECOND, `created_at`, UTC_TIMESTAMP(3)) DIV 1000 AS age_ms
  FROM `sessions`
  WHERE `sid` = v_sid AND `expired` > UTC_TIMESTAMP(3);
END;

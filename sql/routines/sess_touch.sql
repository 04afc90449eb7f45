-- The id comes as bytes, because a parameter is converted in the caller's sql_mode: one that is not strict
-- would cut a long id, or turn its letters into question marks, and so hit another session.
-- What is asked for is looked at only where nothing was updated: a wrong id and a wrong time meet no row. An answer
-- is sent only then, too, as it costs the server about as much as the update does.
-- The look after the update is for clients that count changed rows, not found ones: a second touch
-- within one millisecond changes nothing and has still found its session.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_touch` (
  IN p_sid LONGBLOB,
  IN p_ttl_ms BIGINT
)
COMMENT 'Sets how long a live session in `sessions` lives from now, and leaves its data alone.
IN p_sid: the session''s id, 1 to 255 visible ASCII characters. p_ttl_ms: how long it lives from now, in milliseconds, 1 or more.
OUT no row where the session was changed, else one: found (1 where it was there and is as it was, 0 where it was not there).'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin DEFAULT
    IF(LENGTH(p_sid) BETWEEN 1 AND 255 AND CONVERT(p_sid USING latin1) COLLATE latin1_bin NOT REGEXP '[^!-~]', p_sid, NULL);
  DECLARE v_longest BIGINT DEFAULT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), '9999-12-31 23:59:59') * 1000;
  /*M! SET STATEMENT wsrep_sync_wait = 2 FOR */ UPDATE `sessions` USE INDEX (PRIMARY)
  SET `expired` = UTC_TIMESTAMP(3) + INTERVAL p_ttl_ms * 1000 MICROSECOND, `updated_at` = UTC_TIMESTAMP(3)
  WHERE `sid` = v_sid AND `expired` > UTC_TIMESTAMP(3) AND p_ttl_ms BETWEEN 1 AND v_longest;
  IF ROW_COUNT() = 0 THEN
    IF v_sid IS NULL THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_touch`: p_sid must be 1 to 255 visible ASCII characters';
    END IF;
    IF p_ttl_ms IS NULL OR p_ttl_ms NOT BETWEEN 1 AND v_longest THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_touch`: p_ttl_ms must be at least 1 and end before the year 10000';
    END IF;
    SELECT EXISTS (SELECT 1 FROM `sessions` WHERE `sid` = v_sid AND `expired` > UTC_TIMESTAMP(3)) AS found;
  END IF;
END;

-- The id comes as bytes, because a parameter is converted in the caller's sql_mode: one that is not strict
-- would cut a long id, or turn its letters into question marks, and so hit another session.
-- The look after the update is for clients that count changed rows, not found ones: an update that
-- changes nothing within one millisecond has still found its session.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_update` (
  IN p_sid LONGBLOB,
  IN p_sess LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_ttl_ms BIGINT
)
COMMENT 'Replaces a live session in `sessions` whole, and never creates one.
IN p_sid: the session''s id, 1 to 255 visible ASCII characters. p_sess: its data, JSON text. p_ttl_ms: how long it lives from now, in milliseconds, 1 or more.
OUT one row: found (1 where the session was still there, else 0).'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin DEFAULT
    IF(LENGTH(p_sid) <= 255 AND HEX(p_sid) REGEXP '^(2[1-9A-F]|[3-6][0-9A-F]|7[0-9A-E])+$', p_sid, NULL);
  DECLARE v_now DATETIME(3);
  DECLARE v_found INT;
  IF v_sid IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_update`: p_sid must be 1 to 255 visible ASCII characters';
  END IF;
  IF p_ttl_ms IS NULL OR p_ttl_ms NOT BETWEEN 1 AND TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), '9999-12-31 23:59:59') * 1000 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_update`: p_ttl_ms must be at least 1 and end before the year 10000';
  END IF;
  SET v_now = UTC_TIMESTAMP(3);
  UPDATE `sessions`
  SET `sess` = p_sess, `expired` = v_now + INTERVAL p_ttl_ms * 1000 MICROSECOND, `updated_at` = v_now
  WHERE `sid` = v_sid AND `expired` > v_now;
  SET v_found = ROW_COUNT() > 0;
  IF NOT v_found THEN
    SELECT EXISTS (SELECT 1 FROM `sessions` WHERE `sid` = v_sid AND `expired` > v_now) INTO v_found;
  END IF;
  SELECT v_found AS found;
END;

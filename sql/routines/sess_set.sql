-- The id comes as bytes, because a parameter is converted in the caller's sql_mode: one that is not strict
-- would cut a long id, or turn its letters into question marks, and so hit another session.
-- The time of creation is kept while the session lives: replacing its data must not make it younger.
-- created_at comes before expired because assignments run from left to right.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_set` (
  IN p_sid LONGBLOB,
  IN p_sess LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_ttl_ms BIGINT
)
COMMENT 'Creates a session in `sessions`, or replaces it whole.
IN p_sid: the session''s id, 1 to 255 visible ASCII characters. p_sess: its data, JSON text. p_ttl_ms: how long it lives from now, in milliseconds, 1 or more.'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin DEFAULT
    IF(LENGTH(p_sid) BETWEEN 1 AND 255 AND CONVERT(p_sid USING latin1) COLLATE latin1_bin NOT REGEXP '[^!-~]', p_sid, NULL);
  DECLARE v_now, v_expired DATETIME(3);
  IF v_sid IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_set`: p_sid must be 1 to 255 visible ASCII characters';
  END IF;
  IF p_ttl_ms IS NULL OR p_ttl_ms NOT BETWEEN 1 AND TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), '9999-12-31 23:59:59') * 1000 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_set`: p_ttl_ms must be at least 1 and end before the year 10000';
  END IF;
  SET v_now = UTC_TIMESTAMP(3), v_expired = v_now + INTERVAL p_ttl_ms * 1000 MICROSECOND;
  INSERT INTO `sessions` (`sid`, `sess`, `expired`, `created_at`, `updated_at`)
  VALUES (v_sid, p_sess, v_expired, v_now, v_now)
  ON DUPLICATE KEY UPDATE
    `created_at` = IF(`expired` > v_now, `created_at`, v_now),
    `sess` = p_sess,
    `expired` = v_expired,
    `updated_at` = v_now;
END;

-- A live session keeps its creation time: new data must not make it younger. MySQL assigns from
-- left to right, so created_at comes before expired.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sid VARBINARY(256),
  IN p_sess LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_ttl_ms BIGINT
)
COMMENT 'Creates a session in {{table}}, or replaces its data.
IN p_sid: the session id, 1 to 255 visible ASCII characters.
IN p_sess: its data, JSON text.
IN p_ttl_ms: the lifetime from now in milliseconds, 1 or more.
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_now, v_expired DATETIME(3);
  {{> reset_session}}
  {{> check_sid}}
  {{> check_ttl}}
  SET v_now = UTC_TIMESTAMP(3), v_expired = v_now + INTERVAL p_ttl_ms * 1000 MICROSECOND;
  INSERT INTO {{table}} ({{sid}}, `sess`, `expired`, `created_at`, `updated_at`)
  VALUES (CONVERT(p_sid USING ascii), p_sess, v_expired, v_now, v_now)
  ON DUPLICATE KEY UPDATE
    `created_at` = IF(`expired` > v_now, `created_at`, v_now),
    `sess` = p_sess,
    `expired` = v_expired,
    `updated_at` = v_now;
END;

-- An expired row with the id counts as no row, so its data are replaced. If no row has the id, the
-- routine inserts an expired one: then both are the same case. A plain INSERT would lock the row of
-- another call for reading before it fails: two of them deadlock. This one locks it for writing.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sid VARBINARY(256),
  IN p_sess LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_ttl_ms BIGINT
)
COMMENT 'Creates a session in {{table}}, unless a live one has the id.
IN p_sid: the session id, 1 to 255 visible ASCII characters.
IN p_sess: its data, JSON text.
IN p_ttl_ms: the lifetime from now in milliseconds, 1 or more.
OUT one row:
- found: 0 if the session was created, 1 if a live one has the id
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_now, v_expired DATETIME(3);
  DECLARE v_found BOOLEAN;
  {{> rollback_on_error}}
  {{> reset_session}}
  {{> check_sid}}
  {{> check_ttl}}
  SET v_now = UTC_TIMESTAMP(3), v_expired = v_now + INTERVAL p_ttl_ms * 1000 MICROSECOND;
  START TRANSACTION;
  INSERT INTO {{table}} ({{sid}}, `sess`, `expired`, `created_at`, `updated_at`)
  VALUES (CONVERT(p_sid USING ascii), p_sess, v_now, v_now, v_now)
  ON DUPLICATE KEY UPDATE `sess` = `sess`;
  UPDATE {{table}}
  SET `sess` = p_sess, `expired` = v_expired, `created_at` = v_now, `updated_at` = v_now
  WHERE
    {{> match_sid}}
    AND `expired` <= v_now;
  SET v_found = ROW_COUNT() = 0;
  COMMIT AND NO CHAIN NO RELEASE;
  SELECT v_found AS found;
END;

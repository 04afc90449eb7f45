-- An expired row with the id is as good as none, so its data are replaced. If the cleanup deletes
-- that row in between, the loop inserts again.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sid LONGBLOB,
  IN p_sess LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_ttl_ms BIGINT
)
COMMENT 'Creates a session in {{table}}, unless a live one has the id.
IN p_sid: the session id, 1 to 255 visible ASCII characters.
IN p_sess: its data, JSON text.
IN p_ttl_ms: the lifetime from now in milliseconds, 1 or more.
OUT no row if the session was created, else one row:
- found: 1
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_now, v_expired DATETIME(3);
  DECLARE v_exists BOOLEAN DEFAULT 0;
  {{> reset_session}}
  {{> check_sid}}
  {{> check_ttl}}
  SET v_now = UTC_TIMESTAMP(3), v_expired = v_now + INTERVAL p_ttl_ms * 1000 MICROSECOND;
  adding: LOOP
    SET v_exists = 0;
    BEGIN
      DECLARE CONTINUE HANDLER FOR 1062 SET v_exists = 1;
      INSERT INTO {{table}} ({{sid}}, `sess`, `expired`, `created_at`, `updated_at`)
      VALUES (CONVERT(p_sid USING ascii), p_sess, v_expired, v_now, v_now);
    END;
    IF NOT v_exists THEN
      LEAVE adding;
    END IF;
    UPDATE {{table}}
    SET `sess` = p_sess, `expired` = v_expired, `created_at` = v_now, `updated_at` = v_now
    WHERE
      {{> match_sid}}
      AND `expired` <= v_now;
    IF ROW_COUNT() > 0 THEN
      LEAVE adding;
    END IF;
    IF EXISTS (
      SELECT 1 FROM {{table}}
      WHERE
        {{> match_sid}}
        AND `expired` > v_now
    ) THEN
      SELECT 1 AS found;
      LEAVE adding;
    END IF;
  END LOOP;
END;

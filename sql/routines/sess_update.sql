-- A bad argument matches no row. So the routine checks the arguments only if the UPDATE changed no
-- row. It returns a row only in that case: a result costs about as much as the update.
-- A client may count changed rows instead of matched rows. Two equal updates within a millisecond
-- set the same values, so the second one changes nothing. The last query tells whether the session
-- exists.
-- A Galera node waits only if it does not find the session, and then updates again. It does not
-- wait before the UPDATE: after a wait, a call that its caller gave up could overwrite later calls.
-- Without the wait, the cluster refuses such a write.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sid VARBINARY(256),
  IN p_sess LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_ttl_ms BIGINT
)
COMMENT 'Replaces the data of a live session in {{table}}. Never creates a session.
IN p_sid: the session id, 1 to 255 visible ASCII characters.
IN p_sess: its data, JSON text.
IN p_ttl_ms: the lifetime from now in milliseconds, 1 or more; NULL keeps the expiry time.
OUT no row if the session changed, else one row:
- found: 1 if the session exists and had these values already, 0 if it does not exist
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_found BOOLEAN;
  {{> reset_session}}
  updating: LOOP
    UPDATE {{table}} USE INDEX (PRIMARY)
    SET
      `sess` = p_sess,
      `expired` = COALESCE(UTC_TIMESTAMP(3) + INTERVAL p_ttl_ms * 1000 MICROSECOND, `expired`),
      `updated_at` = UTC_TIMESTAMP(3)
    WHERE
      {{> match_sid}}
      AND `expired` > UTC_TIMESTAMP(3) AND COALESCE(p_ttl_ms, 1) BETWEEN 1 AND {{max_ttl_ms}};
    IF ROW_COUNT() > 0 THEN
      LEAVE updating;
    END IF;
    IF v_found THEN
      SELECT 1 AS found;
      LEAVE updating;
    END IF;
    {{> check_sid}}
    {{> check_optional_ttl}}
    {{> wait_before_read}}
    SELECT EXISTS (
      SELECT 1 FROM {{table}}
      WHERE
        {{> match_sid}}
        AND `expired` > UTC_TIMESTAMP(3)
    ) INTO v_found;
    IF NOT v_found THEN
      SELECT 0 AS found;
      LEAVE updating;
    END IF;
  END LOOP;
END;

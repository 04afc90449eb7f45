-- A bad argument matches no row. So the routine checks the arguments only if the UPDATE changed no
-- row. It returns a row only in that case: a result costs about as much as the update.
-- A client may count changed rows instead of matched rows. Two touches within a millisecond set the
-- same time, so the second one changes nothing. The last query tells whether the session exists.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sid VARBINARY(256),
  IN p_ttl_ms BIGINT
)
COMMENT 'Sets the lifetime of a live session in {{table}}, and keeps its data.
IN p_sid: the session id, 1 to 255 visible ASCII characters.
IN p_ttl_ms: the lifetime from now in milliseconds, 1 or more.
OUT no row if the session changed, else one row:
- found: 1 if the session exists and had these values already, 0 if it does not exist
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  {{> reset_session}}
  {{> wait_before_write}}
  {{> skip_column_check}}
  UPDATE {{table}} USE INDEX (PRIMARY)
  SET
    `expired` = UTC_TIMESTAMP(3) + INTERVAL p_ttl_ms * 1000 MICROSECOND,
    `updated_at` = UTC_TIMESTAMP(3)
  WHERE
    {{> match_sid}}
    AND `expired` > UTC_TIMESTAMP(3) AND p_ttl_ms BETWEEN 1 AND {{max_ttl_ms}};
  IF ROW_COUNT() = 0 THEN
    {{> check_sid}}
    {{> check_ttl}}
    SELECT EXISTS (
      SELECT 1 FROM {{table}}
      WHERE
        {{> match_sid}}
        AND `expired` > UTC_TIMESTAMP(3)
    ) AS found;
  END IF;
END;

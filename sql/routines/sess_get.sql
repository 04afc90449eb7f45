CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sid VARBINARY(256)
)
COMMENT 'Reads one live session from {{table}}.
IN p_sid: the session id.
OUT one row; no row if the session does not exist or is expired:
- sess: the JSON text, as UTF-8 bytes
- ttl_ms: milliseconds until the session expires
- age_ms: milliseconds since its creation
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
BEGIN
  {{> reset_session}}
  {{> wait_before_read}}
  SELECT
    {{> session_columns}}
  FROM {{table}}
  WHERE
    {{> match_sid}}
    AND `expired` > UTC_TIMESTAMP(3);
END;

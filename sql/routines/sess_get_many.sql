CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sids LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
)
COMMENT 'Reads several live sessions from {{table}} at once. {{sess_get}} reads one.
IN p_sids: a JSON array of session ids.
OUT a row for each live session:
- position: the position of its id in the array, from 1
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
    asked.position AS position,
    {{> session_columns}}
  FROM JSON_TABLE(p_sids, '$[*]' COLUMNS (
    position FOR ORDINALITY,
    id VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$'
  )) AS asked
  STRAIGHT_JOIN {{table}} FORCE INDEX (PRIMARY)
    {{> match_listed_id}}
  WHERE `expired` > UTC_TIMESTAMP(3);
END;

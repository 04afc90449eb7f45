-- The ids leave as bytes. No connection character set can change their characters.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_after VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
  IN p_limit INT
)
COMMENT 'Reads a page of the live sessions in {{table}}, ordered by id.
IN p_after: the last id of the previous page; empty for the first page.
IN p_limit: the most sessions to return, 1 or more.
OUT a row for each session:
- sid: the id, as bytes
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
  {{> check_limit}}
  {{> wait_before_read}}
  SELECT
    CAST({{sid}} AS BINARY) AS sid,
    {{> session_columns}}
  FROM {{table}}
  WHERE {{sid}} > p_after AND `expired` > UTC_TIMESTAMP(3)
  ORDER BY {{table}}.{{sid}}
  LIMIT p_limit;
END;

-- The ids leave as bytes. No connection character set can change their characters.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_after VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
  IN p_limit INT
)
COMMENT 'Reads a page of the ids of live sessions in {{table}}, in order.
IN p_after: the last id of the previous page; empty for the first page.
IN p_limit: the most ids to return, 1 or more.
OUT a row for each session:
- sid: the id, as bytes
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
BEGIN
  {{> reset_session}}
  {{> check_limit}}
  {{> wait_before_read}}
  SELECT CAST({{sid}} AS BINARY) AS sid
  FROM {{table}}
  WHERE {{sid}} > p_after AND `expired` > UTC_TIMESTAMP(3)
  ORDER BY {{table}}.{{sid}}
  LIMIT p_limit;
END;

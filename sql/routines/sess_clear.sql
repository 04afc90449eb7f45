-- It deletes in batches: no transaction grows with the table.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_limit INT
)
COMMENT 'Deletes sessions from {{table}}, live ones too, ordered by id. This logs every user out.
Repeat the call until it deletes fewer than p_limit.
IN p_limit: the most sessions to delete, 1 or more.
OUT one row:
- deleted: the number of deleted sessions
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  {{> reset_session}}
  {{> check_limit}}
  {{> wait_before_write}}
  DELETE FROM {{table}} ORDER BY {{sid}} LIMIT p_limit;
  SELECT ROW_COUNT() AS deleted;
END;

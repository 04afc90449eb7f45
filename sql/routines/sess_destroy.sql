-- On MySQL, KILL QUERY can end a routine between two statements without an error. The caller sees
-- it, because every complete call affects a row or returns one.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sid VARBINARY(256)
)
COMMENT 'Deletes one session from {{table}}. If it does not exist, nothing happens.
IN p_sid: the session id, 1 to 255 visible ASCII characters.
OUT no row if the session was deleted, else one row:
- found: 0
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  {{> reset_session}}
  {{> wait_before_write}}
  DELETE FROM {{table}}
  WHERE
    {{> match_sid}}
  ;
  IF ROW_COUNT() = 0 THEN
    {{> check_sid}}
    SELECT 0 AS found;
  END IF;
END;

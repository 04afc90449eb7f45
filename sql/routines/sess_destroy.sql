CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sid LONGBLOB
)
COMMENT 'Deletes one session from {{table}}. If it does not exist, nothing happens.
IN p_sid: the session id, 1 to 255 visible ASCII characters.
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  {{> declare_sid}}
  {{> reset_session}}
  {{> check_sid}}
  {{> wait_before_write}}
  DELETE FROM {{table}} WHERE {{sid}} = v_sid;
END;

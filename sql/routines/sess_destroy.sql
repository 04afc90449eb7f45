-- The id comes as bytes, because a parameter is converted in the caller's sql_mode: one that is not strict
-- would cut a long id, or turn its letters into question marks, and so hit another session.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_destroy` (
  IN p_sid LONGBLOB
)
COMMENT 'Deletes one session from `sessions`; where there is none, that is fine.
IN p_sid: the session''s id, 1 to 255 visible ASCII characters.'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin DEFAULT
    IF(LENGTH(p_sid) BETWEEN 1 AND 255 AND CONVERT(p_sid USING latin1) COLLATE latin1_bin NOT REGEXP '[^!-~]', p_sid, NULL);
  IF v_sid IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_destroy`: p_sid must be 1 to 255 visible ASCII characters';
  END IF;
  /*M! SET STATEMENT wsrep_sync_wait = 2 FOR */ DELETE FROM `sessions` WHERE `sid` = v_sid;
END;

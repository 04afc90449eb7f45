-- In batches, so that no transaction grows with the table: the caller repeats it until it deletes
-- fewer than p_limit.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_clear` (
  IN p_limit INT
)
COMMENT 'Deletes sessions from `sessions`, live ones too, in the order of their ids: everybody is logged out. Repeat it until it deletes fewer than p_limit.
IN p_limit: how many at most, 1 or more.
OUT one row: deleted (how many).'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  IF p_limit IS NULL OR p_limit < 1 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_clear`: p_limit must be at least 1';
  END IF;
  /*M! SET STATEMENT wsrep_sync_wait = 2 FOR */ DELETE FROM `sessions` ORDER BY `sid` LIMIT p_limit;
  SELECT ROW_COUNT() AS deleted;
END;

-- An error in the data undoes one statement, and the item is left out. Any other error can undo the
-- transaction, so it ends all.
DECLARE EXIT HANDLER FOR SQLEXCEPTION
BEGIN
  GET DIAGNOSTICS CONDITION 1 v_errno = MYSQL_ERRNO, v_state = RETURNED_SQLSTATE;
  IF LEFT(v_state, 2) NOT IN ('22', '23', '45') AND v_errno NOT BETWEEN 4035 AND 4040
    AND v_errno NOT IN (1300, 1366)
  THEN
    RESIGNAL;
  END IF;
END;

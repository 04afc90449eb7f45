-- One DELETE over a range of `expired` would lock the index before the rows and deadlock with user
-- traffic, which locks rows first. So the ids are read without locks, and each row is deleted by its
-- key, if it is still expired by then. FORCE INDEX, which a DELETE takes with USING alone, leaves the server no
-- choice: without it, MariaDB 10.11 was seen to go in by the index on `expired`, rarely, and to deadlock. A commit
-- costs more than a deletion, so a hundred rows share one, in the order of their keys: all who lock several
-- sessions take this order, so that no deadlock can come of it. One run at a time: named locks are global to
-- the server, hence the name made of database and table, hashed because MySQL takes 64 characters at most.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_gc` (
  IN p_limit INT
)
COMMENT 'Deletes expired sessions from `sessions`, the longest expired first.
IN p_limit: how many at most, 1 or more.
OUT one row: deleted (how many), busy (1 where another run was under way, so that this one did nothing, else 0).'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_done, v_fetched, v_deleted, v_busy INT DEFAULT 0;
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
  DECLARE v_lock VARCHAR(64) CHARACTER SET ascii DEFAULT CONCAT('sess_gc:', SHA2(CONCAT(DATABASE(), '.`sessions`'), 224));
  DECLARE v_expired CURSOR FOR
    SELECT `sid` FROM (
      SELECT `sid` FROM `sessions` WHERE `expired` <= v_now ORDER BY `expired` LIMIT p_limit
    ) AS longest_expired
    ORDER BY `sid`;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = 1;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    ROLLBACK;
    DO RELEASE_LOCK(v_lock);
    RESIGNAL;
  END;
  IF p_limit IS NULL OR p_limit < 1 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_gc`: p_limit must be at least 1';
  END IF;
  IF GET_LOCK(v_lock, 0) = 1 THEN
    OPEN v_expired;
    START TRANSACTION;
    deleting: LOOP
      FETCH v_expired INTO v_sid;
      IF v_done THEN
        LEAVE deleting;
      END IF;
      DELETE FROM `sessions` USING `sessions` FORCE INDEX (PRIMARY) WHERE `sid` = v_sid AND `expired` <= v_now;
      SET v_deleted = v_deleted + ROW_COUNT(), v_fetched = v_fetched + 1;
      IF v_fetched MOD 100 = 0 THEN
        COMMIT;
        START TRANSACTION;
      END IF;
    END LOOP;
    COMMIT;
    CLOSE v_expired;
    DO RELEASE_LOCK(v_lock);
  ELSE
    SET v_busy = 1;
  END IF;
  SELECT v_deleted AS deleted, v_busy AS busy;
END;

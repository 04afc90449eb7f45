-- A DELETE over a range of `expired` locks the index before the rows. User traffic locks the rows
-- first, so the two would deadlock. This routine reads the ids without locks. Then it deletes each
-- row by its key, if it is still expired.
-- FORCE INDEX leaves the server no other index. Without it, MariaDB 10.11 sometimes used the index
-- on `expired`, and deadlocked. A DELETE allows FORCE INDEX only with USING.
-- The rows are deleted in the order of their ids. All calls that lock several sessions use this
-- order, so they can't deadlock.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_limit INT
)
COMMENT 'Deletes expired sessions from {{table}}. It begins with the sessions that expired first.
IN p_limit: the most sessions to delete, 1 or more.
OUT one row:
- deleted: the number of deleted sessions
- busy: 1 if another cleanup was active, so this one did nothing; else 0
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_done, v_fetched, v_deleted, v_busy INT DEFAULT 0;
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
  {{> declare_cleanup_lock}}
  DECLARE v_expired CURSOR FOR
    SELECT {{sid}} FROM (
      SELECT {{sid}} FROM {{table}} WHERE `expired` <= v_now ORDER BY `expired` LIMIT p_limit
    ) AS longest_expired
    ORDER BY {{sid}};
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = 1;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    ROLLBACK;
    DO RELEASE_LOCK(v_lock);
    RESIGNAL;
  END;
  {{> check_limit}}
  IF GET_LOCK(v_lock, 0) = 1 THEN
    OPEN v_expired;
    START TRANSACTION;
    deleting: LOOP
      FETCH v_expired INTO v_sid;
      IF v_done THEN
        LEAVE deleting;
      END IF;
      DELETE FROM {{table}} USING {{table}} FORCE INDEX (PRIMARY)
      WHERE {{sid}} = v_sid AND `expired` <= v_now;
      SET v_deleted = v_deleted + ROW_COUNT(), v_fetched = v_fetched + 1;
      {{> commit_batch}}
    END LOOP;
    COMMIT;
    CLOSE v_expired;
    DO RELEASE_LOCK(v_lock);
  ELSE
    SET v_busy = 1;
  END IF;
  SELECT v_deleted AS deleted, v_busy AS busy;
END;

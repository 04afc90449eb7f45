-- A DELETE over a range of `expired` locks the index before the rows. User traffic locks the rows
-- first, so the two would deadlock. This routine reads the ids without locks, locks the rows by
-- their key in the order of the ids, and deletes them. It waits for no lock: it skips a row that
-- another transaction holds, such as another cleanup. So no account can stop it, and it can't
-- deadlock.
-- The ids become a JSON text, because MySQL locks the rows of a derived table too.
-- FORCE INDEX leaves the server no other index. Without it, MariaDB 10.11 sometimes used the index
-- on `expired`, and deadlocked. A DELETE allows FORCE INDEX only with USING.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_limit INT
)
COMMENT 'Deletes expired sessions from {{table}}. It begins with the sessions that expired first.
IN p_limit: the most sessions to delete, 1 or more.
OUT one row:
- deleted: the number of deleted sessions
- overdue_ms: if other transactions hold all expired sessions that are left, the milliseconds since
  the first of them expired; else NULL
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_done, v_deleted INT DEFAULT 0;
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_now DATETIME(3);
  DECLARE v_overdue_ms BIGINT;
  DECLARE v_ids LONGTEXT CHARACTER SET utf8mb4;
  DECLARE v_expired CURSOR FOR
    SELECT {{table}}.{{sid}}
    FROM (
      SELECT id FROM JSON_TABLE(v_ids, '$[*]' COLUMNS (
        id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin PATH '$'
      )) AS list
    ) AS asked
    STRAIGHT_JOIN {{table}} FORCE INDEX (PRIMARY) ON {{table}}.{{sid}} = asked.id
    WHERE `expired` <= v_now
    FOR UPDATE SKIP LOCKED;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = 1;
  {{> rollback_on_error}}
  {{> reset_session}}
  {{> check_limit}}
  SET v_now = UTC_TIMESTAMP(3);
  /*M! SET STATEMENT group_concat_max_len = 1073741824 FOR */
  SELECT JSON_ARRAYAGG(batch.id) INTO v_ids
  FROM (
    SELECT longest_expired.id AS id
    FROM (
      SELECT {{sid}} AS id FROM {{table}} WHERE `expired` <= v_now
      ORDER BY `expired`
      LIMIT p_limit
    ) AS longest_expired
    ORDER BY longest_expired.id
    LIMIT p_limit
  ) AS batch;
  START TRANSACTION;
  OPEN v_expired;
  deleting: LOOP
    FETCH v_expired INTO v_sid;
    IF v_done THEN
      LEAVE deleting;
    END IF;
    DELETE FROM {{table}} USING {{table}} FORCE INDEX (PRIMARY) WHERE {{sid}} = v_sid;
    SET v_deleted = v_deleted + ROW_COUNT();
  END LOOP;
  CLOSE v_expired;
  COMMIT AND NO CHAIN NO RELEASE;
  IF v_deleted < p_limit THEN
    SELECT TIMESTAMPDIFF(MICROSECOND, MIN(`expired`), v_now) DIV 1000 INTO v_overdue_ms
    FROM {{table}} WHERE `expired` <= v_now;
  END IF;
  SELECT v_deleted AS deleted, v_overdue_ms AS overdue_ms;
END;

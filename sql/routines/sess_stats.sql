CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_stats` ()
COMMENT 'Tells what is in `sessions`. It reads the whole table, without locks.
OUT one row: live (sessions that can be read), expired (sessions that wait for `sess_gc`), oldest_ms (milliseconds since the oldest live session was created, NULL where there is none), overdue_ms (milliseconds since the longest expired session expired, NULL where there is none), bytes (of the JSON text of all sessions).'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
  /*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT
    COUNT(IF(`expired` > v_now, 1, NULL)) AS live,
    COUNT(IF(`expired` > v_now, NULL, 1)) AS expired,
    TIMESTAMPDIFF(MICROSECOND, MIN(IF(`expired` > v_now, `created_at`, NULL)), v_now) DIV 1000 AS oldest_ms,
    TIMESTAMPDIFF(MICROSECOND, MIN(IF(`expired` > v_now, NULL, `expired`)), v_now) DIV 1000 AS overdue_ms,
    COALESCE(SUM(LENGTH(`sess`)), 0) AS bytes
  FROM `sessions`;
END;

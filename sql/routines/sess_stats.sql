CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} ()
COMMENT 'Describes the sessions in {{table}}. It reads the whole table, without locks.
OUT one row:
- live: the number of live sessions
- expired: the number of expired sessions, which {{sess_gc}} deletes
- oldest_ms: milliseconds since the creation of the oldest live session; NULL without one
- overdue_ms: milliseconds since the first expired session expired; NULL without one
- bytes: the length of the JSON texts of all sessions
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_now DATETIME(3);
  {{> reset_session}}
  SET v_now = UTC_TIMESTAMP(3);
  {{> wait_before_read}}
  SELECT
    COUNT(IF(`expired` > v_now, 1, NULL)) AS live,
    COUNT(IF(`expired` > v_now, NULL, 1)) AS expired,
    TIMESTAMPDIFF(MICROSECOND, MIN(IF(`expired` > v_now, `created_at`, NULL)), v_now) DIV 1000
      AS oldest_ms,
    TIMESTAMPDIFF(MICROSECOND, MIN(IF(`expired` > v_now, NULL, `expired`)), v_now) DIV 1000
      AS overdue_ms,
    COALESCE(SUM(LENGTH(`sess`)), 0) AS bytes
  FROM {{table}};
END;

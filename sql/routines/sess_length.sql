CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} ()
COMMENT 'Counts the sessions in {{table}}. It reads the whole index on the expiry time: this takes
seconds at ten million rows.
OUT one row:
- live: the number of live sessions
- expired: the number of expired sessions, which {{sess_gc}} deletes
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
BEGIN
  {{> reset_session}}
  {{> wait_before_read}}
  SELECT
    COUNT(IF(`expired` > UTC_TIMESTAMP(3), 1, NULL)) AS live,
    COUNT(IF(`expired` > UTC_TIMESTAMP(3), NULL, 1)) AS expired
  FROM {{table}};
END;

CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_length` ()
COMMENT 'Counts the sessions in `sessions`. It reads the whole index on the time of expiry: seconds at ten million rows.
OUT one row: live (sessions that can be read), expired (sessions that wait for `sess_gc`).'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
/*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT
  COUNT(IF(`expired` > UTC_TIMESTAMP(3), 1, NULL)) AS live,
  COUNT(IF(`expired` > UTC_TIMESTAMP(3), NULL, 1)) AS expired
FROM `sessions`;

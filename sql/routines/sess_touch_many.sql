-- A session that somebody else has locked is left out: none is waited for, and none keeps the others waiting. They are
-- locked in the order of the list, which is to be that of the ids, as by all who lock several sessions: where it skips a
-- row, MariaDB stands in line for a moment, and whoever waits for this call in that moment would be told of a deadlock.
-- To sort them here would cost a quarter of the call.
-- Without the key, a scan of a small table would meet rows that nobody asked for, and wait for their locks. MySQL
-- locks no list of JSON_TABLE, but a derived table.
-- The index takes ids in its own character set, to which other letters are question marks and trailing blanks are
-- nothing: so whatever it finds is held against the id's bytes.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_touch_many` (
  IN p_touches LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
)
COMMENT 'Sets how long several live sessions in `sessions` live from now, and leaves their data alone.
IN p_touches: a JSON array, in the order of the ids, with an array a session: its id, and how long it lives from now, in milliseconds, 1 or more.
OUT one row: touched (a JSON array of the places in p_touches, from 1, whose sessions were touched; the others are not there, locked, or asked for wrongly: `sess_touch` tells).'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
  DECLARE v_longest BIGINT DEFAULT TIMESTAMPDIFF(SECOND, v_now, '9999-12-31 23:59:59') * 1000;
  DECLARE v_touched JSON;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    ROLLBACK;
    RESIGNAL;
  END;
  /*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ START TRANSACTION;
  SELECT JSON_ARRAYAGG(asked.position) INTO v_touched
  FROM (
    SELECT position, id, ttl_ms
    FROM JSON_TABLE(p_touches, '$[*]' COLUMNS (
      position FOR ORDINALITY,
      id VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[0]',
      ttl_ms BIGINT PATH '$[1]'
    )) AS list
  ) AS asked
  STRAIGHT_JOIN `sessions` FORCE INDEX (PRIMARY)
    ON `sessions`.`sid` = CONVERT(asked.id USING ascii) COLLATE ascii_bin AND HEX(`sessions`.`sid`) = HEX(asked.id)
  WHERE `expired` > v_now AND asked.ttl_ms BETWEEN 1 AND v_longest
  FOR UPDATE SKIP LOCKED;
  UPDATE JSON_TABLE(p_touches, '$[*]' COLUMNS (
    position FOR ORDINALITY,
    id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin PATH '$[0]',
    ttl_ms BIGINT PATH '$[1]'
  )) AS asked
  STRAIGHT_JOIN `sessions` FORCE INDEX (PRIMARY) ON `sessions`.`sid` = asked.id
  SET `expired` = v_now + INTERVAL asked.ttl_ms * 1000 MICROSECOND, `updated_at` = v_now
  WHERE JSON_CONTAINS(v_touched, CONCAT(asked.position));
  COMMIT;
  SELECT COALESCE(v_touched, '[]') AS touched;
END;

-- The routine skips a session that another call has locked, so no session delays the others.
-- It locks in the order of the list, which must be the order of the ids. All calls that lock
-- several sessions use this order. When MariaDB skips a row, it queues for its lock for a moment.
-- In another order, a call that waits for this one could then see a deadlock. Sorting the list here
-- costs a quarter of the call.
-- Without FORCE INDEX, a scan of a small table would lock rows that are not in the list. MySQL
-- locks no rows through JSON_TABLE, but it does through a derived table.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_touches LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
)
COMMENT 'Sets the lifetimes of several live sessions in {{table}}, and keeps their data.
IN p_touches: a JSON array, ordered by id. Each item is an array with a session id and its lifetime
from now in milliseconds, 1 or more.
The call skips a session that does not exist, is locked, or has bad arguments. {{sess_touch}}
reports the reason.
OUT one row:
- touched: a JSON array with the positions of the touched sessions in p_touches, from 1
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_now DATETIME(3);
  DECLARE v_max_ttl_ms BIGINT;
  DECLARE v_touched JSON;
  {{> rollback_on_error}}
  {{> reset_session}}
  SET v_max_ttl_ms = {{max_ttl_ms}};
  SET v_now = UTC_TIMESTAMP(3);
  {{> wait_before_read}}
  START TRANSACTION;
  {{> complete_array}}
  SELECT JSON_ARRAYAGG(asked.position) INTO v_touched
  FROM (
    SELECT position, id, ttl_ms
    FROM JSON_TABLE(p_touches, '$[*]' COLUMNS (
      position FOR ORDINALITY,
      id VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[0]',
      ttl_ms BIGINT PATH '$[1]'
    )) AS list
  ) AS asked
  STRAIGHT_JOIN {{table}} FORCE INDEX (PRIMARY)
    {{> match_listed_id}}
  WHERE `expired` > v_now AND asked.ttl_ms BETWEEN 1 AND v_max_ttl_ms
  FOR UPDATE SKIP LOCKED;
  {{> skip_column_check}}
  UPDATE JSON_TABLE(p_touches, '$[*]' COLUMNS (
    position FOR ORDINALITY,
    id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin PATH '$[0]',
    ttl_ms BIGINT PATH '$[1]'
  )) AS asked
  STRAIGHT_JOIN {{table}} FORCE INDEX (PRIMARY) ON {{table}}.{{sid}} = asked.id
  SET `expired` = v_now + INTERVAL asked.ttl_ms * 1000 MICROSECOND, `updated_at` = v_now
  WHERE JSON_CONTAINS(v_touched, CONCAT(asked.position));
  COMMIT AND NO CHAIN NO RELEASE;
  SELECT COALESCE(v_touched, '[]') AS touched;
END;

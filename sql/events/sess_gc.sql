-- The event cleans up if no application does. After each batch it rests {{rest_factor}} times as
-- long as the batch took, so users keep most of the server. A run ends when no expired session is
-- left, or when the next run is due. It also ends if another cleanup holds the lock and does the
-- work. An event takes autocommit from the server's settings: without it, the server would roll the
-- deletions back.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} EVENT {{sess_gc}}
ON SCHEDULE EVERY {{every}} SECOND
ON COMPLETION PRESERVE
ENABLE
COMMENT '{{marker}}'
DO
BEGIN
  DECLARE v_due DATETIME(3) DEFAULT UTC_TIMESTAMP(3) + INTERVAL {{every}} SECOND;
  DECLARE v_begun DATETIME(3);
  {{> declare_cleanup_lock}}
  SET SESSION autocommit = 1;
  REPEAT
    SET v_begun = UTC_TIMESTAMP(3);
    CALL {{sess_gc}}({{batch_size}});
    DO SLEEP(
      {{rest_factor}} * TIMESTAMPDIFF(MICROSECOND, v_begun, UTC_TIMESTAMP(3)) / 1000000
    );
  UNTIL UTC_TIMESTAMP(3) >= v_due
    OR IS_USED_LOCK(v_lock) IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM {{table}} WHERE `expired` <= UTC_TIMESTAMP(3))
  END REPEAT;
END;

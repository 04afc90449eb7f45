-- The event cleans up if no application does. After each batch it rests {{rest_factor}} times as
-- long as the batch took, so users keep most of the server. A batch counts as 10 ms at least. If
-- other transactions hold all expired sessions, the event must not ask all the time. A run ends
-- when no expired session is left, or when the next run is due. An event takes autocommit from the
-- server's settings, and the routine refuses to work without it.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} EVENT {{sess_gc}}
ON SCHEDULE EVERY {{every}} SECOND
ON COMPLETION PRESERVE
ENABLE
COMMENT '{{marker}}'
DO
BEGIN
  DECLARE v_due DATETIME(3) DEFAULT UTC_TIMESTAMP(3) + INTERVAL {{every}} SECOND;
  DECLARE v_begun DATETIME(3);
  SET SESSION autocommit = 1;
  REPEAT
    SET v_begun = UTC_TIMESTAMP(3);
    CALL {{sess_gc}}({{batch_size}});
    DO SLEEP(
      {{rest_factor}} * GREATEST(TIMESTAMPDIFF(MICROSECOND, v_begun, UTC_TIMESTAMP(3)), 10000) / 1e6
    );
  UNTIL UTC_TIMESTAMP(3) >= v_due
    OR NOT EXISTS (SELECT 1 FROM {{table}} WHERE `expired` <= UTC_TIMESTAMP(3))
  END REPEAT;
END;

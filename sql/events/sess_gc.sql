-- Deletes the expired sessions where no application does it, and rests after each batch for six times as long as
-- that took, so that six sevenths of the time are the users'. A run ends when none is left, when the next one
-- is due, or when another cleanup has the lock, which then does the rest. Without autocommit, which an event
-- takes from the server's settings, nothing that it deleted would stay deleted.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` EVENT `sess_gc`
ON SCHEDULE EVERY 60 SECOND
ON COMPLETION PRESERVE
ENABLE
COMMENT 'Deletes expired sessions from `sessions`.'
DO
BEGIN
  DECLARE v_due DATETIME(3) DEFAULT UTC_TIMESTAMP(3) + INTERVAL 60 SECOND;
  DECLARE v_begun DATETIME(3);
  DECLARE v_lock VARCHAR(64) CHARACTER SET ascii DEFAULT CONCAT('sess_gc:', SHA2(CONCAT(DATABASE(), '.`sessions`'), 224));
  SET SESSION autocommit = 1;
  REPEAT
    SET v_begun = UTC_TIMESTAMP(3);
    CALL `sess_gc`(100);
    DO SLEEP(6 * TIMESTAMPDIFF(MICROSECOND, v_begun, UTC_TIMESTAMP(3)) / 1000000);
  UNTIL UTC_TIMESTAMP(3) >= v_due
    OR IS_USED_LOCK(v_lock) IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM `sessions` WHERE `expired` <= UTC_TIMESTAMP(3))
  END REPEAT;
END;

-- A session that somebody else has locked is left out: as none is waited for, none keeps the others waiting, and
-- touches can't deadlock, in whatever order they come. A gap is not locked for one that is not there.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_touch_many` (
  IN p_touches LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
)
COMMENT 'Sets how long several live sessions in `sessions` live from now, as `sess_touch` does for one, and leaves their data alone.
IN p_touches: a JSON array of sessions'' ids and how long each lives from now, in milliseconds, in turn.
OUT one row: found (a JSON array with an item a session: 1 where it was still there, 0 where not, null where it is locked and to be touched alone).'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_touches JSON DEFAULT p_touches;
  DECLARE v_id LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_ttl_ms BIGINT;
  DECLARE v_now DATETIME(3) DEFAULT UTC_TIMESTAMP(3);
  DECLARE v_index, v_items, v_live, v_free INT DEFAULT 0;
  DECLARE v_found LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT '';
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    ROLLBACK;
    RESIGNAL;
  END;
  IF NOT COALESCE(JSON_TYPE(v_touches) = 'ARRAY', 0) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_touch_many`: p_touches must be a JSON array of ids and times in turn';
  END IF;
  SET v_items = JSON_LENGTH(v_touches);
  START TRANSACTION;
  WHILE v_index < v_items DO
    SET v_id = JSON_UNQUOTE(JSON_EXTRACT(v_touches, CONCAT('$[', v_index, ']')));
    SET v_sid = IF(LENGTH(v_id) <= 255 AND HEX(v_id) REGEXP '^(2[1-9A-F]|[3-6][0-9A-F]|7[0-9A-E])+$', v_id, NULL);
    SET v_ttl_ms = JSON_EXTRACT(v_touches, CONCAT('$[', v_index + 1, ']'));
    IF v_sid IS NULL THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_touch_many`: each id of p_touches must be 1 to 255 visible ASCII characters';
    END IF;
    IF v_ttl_ms IS NULL OR v_ttl_ms NOT BETWEEN 1 AND TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), '9999-12-31 23:59:59') * 1000 THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_touch_many`: each time of p_touches must be at least 1 and end before the year 10000';
    END IF;
    SELECT COUNT(*) INTO v_live FROM `sessions` WHERE `sid` = v_sid AND `expired` > v_now;
    SET v_free = 0;
    IF v_live THEN
      SELECT COUNT(*) INTO v_free FROM `sessions` WHERE `sid` = v_sid AND `expired` > v_now FOR UPDATE SKIP LOCKED;
    END IF;
    IF v_free THEN
      UPDATE `sessions`
      SET `expired` = v_now + INTERVAL v_ttl_ms * 1000 MICROSECOND, `updated_at` = v_now
      WHERE `sid` = v_sid;
    END IF;
    SET v_found = CONCAT(v_found, IF(v_index, ',', ''), IF(v_free, '1', IF(v_live, 'null', '0')));
    SET v_index = v_index + 2;
  END WHILE;
  COMMIT;
  SELECT CONCAT('[', v_found, ']') AS found;
END;

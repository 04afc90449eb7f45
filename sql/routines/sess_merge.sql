-- The id comes as bytes, because a parameter is converted in the caller's sql_mode: one that is not strict
-- would cut a long id, or turn its letters into question marks, and so hit another session.
-- The list of changes is flat, so that it nests no deeper than the session does, and key by key JSON_SET and
-- JSON_REMOVE are right on every server, where MariaDB's JSON_MERGE_PATCH is not. Most saves change one key, and
-- one statement does it for less than a transaction costs.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_merge` (
  IN p_sid LONGBLOB,
  IN p_changed LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_removed LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_ttl_ms BIGINT
)
COMMENT 'Changes keys of a live session in `sessions`, leaves its other keys as they are, and never creates one.
IN p_sid: the session''s id, 1 to 255 visible ASCII characters. p_changed: a JSON array of top-level keys and their new values in turn. p_removed: a JSON array of top-level keys to remove. p_ttl_ms: how long it lives from now, in milliseconds, 1 or more.
OUT one row: found (1 where the session was still there, else 0).'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin DEFAULT
    IF(LENGTH(p_sid) <= 255 AND HEX(p_sid) REGEXP '^(2[1-9A-F]|[3-6][0-9A-F]|7[0-9A-E])+$', p_sid, NULL);
  DECLARE v_sess, v_changed, v_removed, v_key JSON;
  DECLARE v_now DATETIME(3);
  DECLARE v_index, v_items, v_found INT DEFAULT 0;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    ROLLBACK;
    RESIGNAL;
  END;
  IF v_sid IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: p_sid must be 1 to 255 visible ASCII characters';
  END IF;
  IF p_ttl_ms IS NULL OR p_ttl_ms NOT BETWEEN 1 AND TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), '9999-12-31 23:59:59') * 1000 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: p_ttl_ms must be at least 1 and end before the year 10000';
  END IF;
  SET v_changed = p_changed, v_removed = p_removed;
  IF NOT COALESCE(JSON_TYPE(v_changed) = 'ARRAY' AND JSON_LENGTH(v_changed) MOD 2 = 0, 0) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: p_changed must be a JSON array of keys and values in turn';
  END IF;
  IF NOT COALESCE(JSON_TYPE(v_removed) = 'ARRAY', 0) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: p_removed must be a JSON array of keys';
  END IF;
  SET v_items = JSON_LENGTH(v_changed), v_key = JSON_EXTRACT(v_changed, '$[0]');
  IF v_items = 2 AND JSON_LENGTH(v_removed) = 0 AND JSON_TYPE(v_key) = 'STRING' THEN
    SET v_now = UTC_TIMESTAMP(3);
    UPDATE `sessions`
    SET
      `sess` = JSON_SET(`sess`, CONCAT('$.', v_key), JSON_EXTRACT(v_changed, '$[1]')),
      `expired` = v_now + INTERVAL p_ttl_ms * 1000 MICROSECOND,
      `updated_at` = v_now
    WHERE `sid` = v_sid AND `expired` > v_now AND JSON_TYPE(`sess`) = 'OBJECT';
    SET v_found = ROW_COUNT() > 0;
  END IF;
  IF NOT v_found THEN
    START TRANSACTION;
    SELECT `sess` INTO v_sess FROM `sessions` WHERE `sid` = v_sid AND `expired` > UTC_TIMESTAMP(3) FOR UPDATE;
    IF v_sess IS NOT NULL THEN
      IF JSON_TYPE(v_sess) <> 'OBJECT' THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: the session is no JSON object, so that it has no keys';
      END IF;
      WHILE v_index < v_items DO
        SET v_key = JSON_EXTRACT(v_changed, CONCAT('$[', v_index, ']'));
        IF JSON_TYPE(v_key) <> 'STRING' THEN
          SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: p_changed must be a JSON array of keys and values in turn';
        END IF;
        SET v_sess = JSON_SET(v_sess, CONCAT('$.', v_key), JSON_EXTRACT(v_changed, CONCAT('$[', v_index + 1, ']')));
        SET v_index = v_index + 2;
      END WHILE;
      SET v_index = 0, v_items = JSON_LENGTH(v_removed);
      WHILE v_index < v_items DO
        SET v_key = JSON_EXTRACT(v_removed, CONCAT('$[', v_index, ']'));
        IF JSON_TYPE(v_key) <> 'STRING' THEN
          SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: p_removed must be a JSON array of keys';
        END IF;
        SET v_sess = JSON_REMOVE(v_sess, CONCAT('$.', v_key));
        SET v_index = v_index + 1;
      END WHILE;
      SET v_now = UTC_TIMESTAMP(3);
      UPDATE `sessions`
      SET `sess` = v_sess, `expired` = v_now + INTERVAL p_ttl_ms * 1000 MICROSECOND, `updated_at` = v_now
      WHERE `sid` = v_sid;
      SET v_found = 1;
    END IF;
    COMMIT;
  END IF;
  SELECT v_found AS found;
END;

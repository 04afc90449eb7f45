-- The id comes as bytes, because a parameter is converted in the caller's sql_mode: one that is not strict
-- would cut a long id, or turn its letters into question marks, and so hit another session.
-- The list of changes is flat, so that it nests no deeper than the session does, and key by key JSON_SET and
-- JSON_REMOVE are right on every server, where MariaDB's JSON_MERGE_PATCH is not.
-- Most saves change one key, and one statement does it for less than a transaction costs. Whatever it leaves undone,
-- because it is more, or wrong, or not there, is looked at afterwards. An answer is sent only where the session is
-- gone, as it costs the server about as much as an update does.
-- A session that another node of a Galera cluster has just written may not be here yet: where nothing is found, that is waited
-- for, and looked at again. It is not waited for first: a call that its caller has given up would then go on after others
-- that came later, while the cluster itself refuses what was done before it.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_merge` (
  IN p_sid LONGBLOB,
  IN p_changed LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_removed LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_ttl_ms BIGINT
)
COMMENT 'Changes keys of a live session in `sessions`, leaves its other keys as they are, and never creates one.
IN p_sid: the session''s id, 1 to 255 visible ASCII characters. p_changed: a JSON array of top-level keys and their new values in turn. p_removed: a JSON array of top-level keys to remove. p_ttl_ms: how long it lives from now, in milliseconds, 1 or more; NULL for as long as before.
OUT no row where the session was there, else one: found (0).'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
merging: BEGIN
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin DEFAULT
    IF(LENGTH(p_sid) BETWEEN 1 AND 255 AND CONVERT(p_sid USING latin1) COLLATE latin1_bin NOT REGEXP '[^!-~]', p_sid, NULL);
  DECLARE v_longest BIGINT DEFAULT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), '9999-12-31 23:59:59') * 1000;
  DECLARE v_sess, v_changed, v_removed, v_key JSON;
  DECLARE v_index, v_items INT DEFAULT 0;
  UPDATE `sessions` USE INDEX (PRIMARY)
  SET
    `sess` = JSON_SET(`sess`, CONCAT('$.', JSON_EXTRACT(p_changed, '$[0]')), JSON_EXTRACT(p_changed, '$[1]')),
    `expired` = COALESCE(UTC_TIMESTAMP(3) + INTERVAL p_ttl_ms * 1000 MICROSECOND, `expired`),
    `updated_at` = UTC_TIMESTAMP(3)
  WHERE
    `sid` = v_sid AND `expired` > UTC_TIMESTAMP(3) AND JSON_TYPE(`sess`) = 'OBJECT'
    AND JSON_LENGTH(p_changed) = 2 AND JSON_TYPE(JSON_EXTRACT(p_changed, '$[0]')) = 'STRING' AND p_removed = '[]'
    AND COALESCE(p_ttl_ms, 1) BETWEEN 1 AND v_longest;
  IF ROW_COUNT() > 0 THEN
    LEAVE merging;
  END IF;
  IF v_sid IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: p_sid must be 1 to 255 visible ASCII characters';
  END IF;
  IF p_ttl_ms NOT BETWEEN 1 AND v_longest THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: p_ttl_ms must be NULL, or at least 1 and end before the year 10000';
  END IF;
  SET v_changed = p_changed, v_removed = p_removed;
  IF NOT COALESCE(JSON_TYPE(v_changed) = 'ARRAY' AND JSON_LENGTH(v_changed) MOD 2 = 0, 0) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: p_changed must be a JSON array of keys and values in turn';
  END IF;
  IF NOT COALESCE(JSON_TYPE(v_removed) = 'ARRAY', 0) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: p_removed must be a JSON array of keys';
  END IF;
  BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
      ROLLBACK;
      RESIGNAL;
    END;
    START TRANSACTION;
    SELECT `sess` INTO v_sess FROM `sessions` WHERE `sid` = v_sid AND `expired` > UTC_TIMESTAMP(3) FOR UPDATE;
    IF v_sess IS NULL THEN
      COMMIT;
      /*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ START TRANSACTION;
      SELECT `sess` INTO v_sess FROM `sessions` WHERE `sid` = v_sid AND `expired` > UTC_TIMESTAMP(3) FOR UPDATE;
    END IF;
    IF v_sess IS NULL THEN
      COMMIT;
      SELECT 0 AS found;
      LEAVE merging;
    END IF;
    IF JSON_TYPE(v_sess) <> 'OBJECT' THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_merge`: the session is no JSON object, so that it has no keys';
    END IF;
    SET v_items = JSON_LENGTH(v_changed);
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
    UPDATE `sessions`
    SET
      `sess` = v_sess,
      `expired` = COALESCE(UTC_TIMESTAMP(3) + INTERVAL p_ttl_ms * 1000 MICROSECOND, `expired`),
      `updated_at` = UTC_TIMESTAMP(3)
    WHERE `sid` = v_sid;
    COMMIT;
  END;
END;

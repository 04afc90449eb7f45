-- The list of changes is flat, so it nests no deeper than the session. JSON_SET and JSON_REMOVE are
-- correct on every server. MariaDB's JSON_MERGE_PATCH is not.
-- Most saves change one key. One UPDATE does that, and costs less than a transaction. The routine
-- checks the arguments only if the UPDATE changed no row. After this UPDATE it returns no row: a
-- result costs about as much as an update.
-- A Galera node waits only if it does not find the session, and then looks again. It does not wait
-- before the UPDATE: after a wait, a call that its caller gave up could overwrite later calls.
-- Without the wait, the cluster refuses such a write.
-- Each key costs a reading of the whole session. Above a limit, the caller saves the session whole:
-- else thousands of keys would hold the row's lock for seconds.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sid VARBINARY(256),
  IN p_changed LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_removed LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_ttl_ms BIGINT
)
COMMENT 'Changes keys of a live session in {{table}}, and keeps its other keys. Never creates one.
IN p_sid: the session id, 1 to 255 visible ASCII characters.
IN p_changed: a JSON array with each changed top-level key, followed by its new value.
IN p_removed: a JSON array of top-level keys to remove.
IN p_ttl_ms: the lifetime from now in milliseconds, 1 or more; NULL keeps the expiry time.
OUT no row if one key was changed, else one row:
- found: 1 if the change was made, 0 if the session does not exist. NULL if there are too many keys
  for a session of this size: nothing was changed, so save it whole with {{sess_update}}.
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
merging: BEGIN
  DECLARE v_sess, v_changed, v_removed, v_key JSON;
  DECLARE v_index, v_items INT;
  {{> reset_session}}
  {{> skip_column_check}}
  UPDATE {{table}} USE INDEX (PRIMARY)
  SET
    `sess` = JSON_SET(
      `sess`, CONCAT('$.', JSON_EXTRACT(p_changed, '$[0]')), JSON_EXTRACT(p_changed, '$[1]')
    ),
    `expired` = COALESCE(UTC_TIMESTAMP(3) + INTERVAL p_ttl_ms * 1000 MICROSECOND, `expired`),
    `updated_at` = UTC_TIMESTAMP(3)
  WHERE
    {{> match_sid}}
    AND `expired` > UTC_TIMESTAMP(3) AND JSON_TYPE(`sess`) = 'OBJECT'
    AND JSON_VALID(p_changed) AND JSON_LENGTH(p_changed) = 2
    AND JSON_TYPE(JSON_EXTRACT(p_changed, '$[0]')) = 'STRING' AND p_removed = '[]'
    AND COALESCE(p_ttl_ms, 1) BETWEEN 1 AND {{max_ttl_ms}};
  IF ROW_COUNT() > 0 THEN
    LEAVE merging;
  END IF;
  {{> check_sid}}
  {{> check_optional_ttl}}
  SET v_changed = p_changed, v_removed = p_removed;
  IF NOT COALESCE(JSON_TYPE(v_changed) = 'ARRAY' AND JSON_LENGTH(v_changed) MOD 2 = 0, 0) THEN
    SIGNAL SQLSTATE '45000'
    SET MESSAGE_TEXT = '{{routine}}: p_changed must be a JSON array of keys and values in turn';
  END IF;
  IF NOT COALESCE(JSON_TYPE(v_removed) = 'ARRAY', 0) THEN
    SIGNAL SQLSTATE '45000'
    SET MESSAGE_TEXT = '{{routine}}: p_removed must be a JSON array of keys';
  END IF;
  BEGIN
    {{> rollback_on_error}}
    START TRANSACTION;
    SELECT `sess` INTO v_sess FROM {{table}}
    WHERE
      {{> match_sid}}
      AND `expired` > UTC_TIMESTAMP(3)
    FOR UPDATE;
    IF v_sess IS NULL THEN
      COMMIT AND NO CHAIN NO RELEASE;
      {{> wait_before_read}}
      START TRANSACTION;
      SELECT `sess` INTO v_sess FROM {{table}}
      WHERE
        {{> match_sid}}
        AND `expired` > UTC_TIMESTAMP(3)
      FOR UPDATE;
    END IF;
    IF v_sess IS NULL THEN
      COMMIT AND NO CHAIN NO RELEASE;
      SELECT 0 AS found;
      LEAVE merging;
    END IF;
    IF JSON_TYPE(v_sess) <> 'OBJECT' THEN
      SIGNAL SQLSTATE '45000'
      SET MESSAGE_TEXT = '{{routine}}: the session is not a JSON object, so it has no keys';
    END IF;
    IF (JSON_LENGTH(v_changed) DIV 2 + JSON_LENGTH(v_removed)) * (LENGTH(v_sess) + LENGTH(p_changed))
      > {{max_merge_cost}}
    THEN
      ROLLBACK AND NO CHAIN NO RELEASE;
      SELECT NULL AS found;
      LEAVE merging;
    END IF;
    {{> merge_keys}}
    UPDATE {{table}}
    SET
      `sess` = v_sess,
      `expired` = COALESCE(UTC_TIMESTAMP(3) + INTERVAL p_ttl_ms * 1000 MICROSECOND, `expired`),
      `updated_at` = UTC_TIMESTAMP(3)
    WHERE
      {{> match_sid}}
    ;
    COMMIT AND NO CHAIN NO RELEASE;
    SELECT 1 AS found;
  END;
END;

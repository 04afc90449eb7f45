-- The routine skips a session that another call has locked, so no session delays the others. It
-- locks in the order of the list, which must be the order of the ids: see sess_touch_many.
-- One statement then saves all but the merges: a statement for each costs more. It never inserts:
-- the transaction has locked the rows that it names. An UPDATE of a join would do the
-- same, but MariaDB keeps the texts of a join in a temporary table on disk.
-- The loop saves the merges. If the server refuses the statement, the loop saves all, one by one.
-- CONVERT replaces bytes that are not UTF-8. NULL makes the server refuse the statement.
-- The texts are separate from the list: a text that is no JSON, or nests deeply, harms no other.
-- The limit of sess_merge is for all sessions together: they stay locked until the last is saved.
-- A Galera node does not wait before it writes, for the reason that sess_merge has.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_saves LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_texts LONGBLOB
)
COMMENT 'Saves several live sessions in {{table}} in one transaction. Never creates one.
IN p_saves: a JSON array, ordered by id. An id may be in it once. Each item is an array with
- a session id
- its lifetime from now in milliseconds, 1 or more; null keeps the expiry time
- touch, merge or update: what {{sess_touch}}, {{sess_merge}} or {{sess_update}} do; or key, a
  faster merge that changes one key and removes none
- the position in p_texts of the text for merge, key and update, from 1, and its length in bytes
- for merge, the length of the list of removed keys. It follows the list of changed keys.
IN p_texts: the texts in UTF-8, one after the other.
The call skips a session that does not exist, is locked, or has bad arguments or too many keys. The
routine for one session reports the reason.
OUT one row:
- saved: a JSON array with the positions of the saved sessions in p_saves, from 1
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_now DATETIME(3);
  DECLARE v_max_ttl_ms, v_ttl_ms, v_start, v_length, v_removed_length, v_cost BIGINT;
  DECLARE v_position, v_index, v_items, v_others, v_errno INT;
  DECLARE v_total_cost BIGINT DEFAULT 0;
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_kind VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_text LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE v_sess, v_changed, v_removed, v_key, v_locked JSON;
  DECLARE v_saved LONGTEXT CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_is_last, v_is_together BOOLEAN DEFAULT 0;
  DECLARE locked CURSOR FOR
    SELECT
      asked.position, CONVERT(asked.id USING ascii), asked.ttl_ms, asked.kind, asked.start,
      asked.bytes, asked.removed_bytes
    FROM
      {{> listed_saves}}
    WHERE JSON_CONTAINS(v_locked, CONCAT(asked.position));
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_last = 1;
  {{> rollback_on_error}}
  {{> reset_session}}
  SET v_max_ttl_ms = {{max_ttl_ms}};
  SET v_now = UTC_TIMESTAMP(3);
  START TRANSACTION;
  {{> complete_array}}
  SELECT
    JSON_ARRAYAGG(asked.position), SUM(COALESCE(asked.kind NOT IN ('touch', 'key', 'update'), 1))
    INTO v_locked, v_others
  FROM
    {{> listed_saves}}
  STRAIGHT_JOIN {{table}} FORCE INDEX (PRIMARY)
    {{> match_listed_id}}
  WHERE `expired` > v_now AND COALESCE(asked.ttl_ms, 1) BETWEEN 1 AND v_max_ttl_ms
  FOR UPDATE SKIP LOCKED;
  together: BEGIN
    {{> skip_refused_item}}
    {{> skip_column_check}}
    {{> insert_unbuffered}}
    INSERT INTO {{table}} ({{sid}}, `sess`, `expired`, `created_at`, `updated_at`)
    SELECT CONVERT(asked.id USING ascii), '{}', v_now, v_now, v_now
    FROM
      {{> listed_saves}}
    WHERE
      asked.kind IN ('touch', 'key', 'update')
      AND JSON_CONTAINS(v_locked, CONCAT(asked.position))
    ON DUPLICATE KEY UPDATE
      `sess` = CASE
        WHEN asked.kind = 'touch' THEN {{table}}.`sess`
        WHEN CAST(asked.text AS BINARY) <> SUBSTRING(p_texts, asked.start, asked.bytes)
          OR NOT JSON_VALID(asked.text)
        THEN NULL
        WHEN asked.kind = 'update' THEN asked.text
        WHEN JSON_TYPE({{table}}.`sess`) = 'OBJECT' AND JSON_LENGTH(asked.text) = 2
          AND JSON_TYPE(JSON_EXTRACT(asked.text, '$[0]')) = 'STRING'
        THEN JSON_SET(
          {{table}}.`sess`, CONCAT('$.', JSON_EXTRACT(asked.text, '$[0]')),
          JSON_EXTRACT(asked.text, '$[1]')
        )
      END,
      `expired` = CASE
        WHEN asked.ttl_ms IS NOT NULL THEN v_now + INTERVAL asked.ttl_ms * 1000 MICROSECOND
        WHEN asked.kind <> 'touch' THEN {{table}}.`expired`
      END,
      `updated_at` = v_now;
    SET v_is_together = 1;
  END;
  IF v_is_together AND v_others = 0 THEN
    SET v_saved = v_locked;
  ELSE
    OPEN locked;
    saving: LOOP
      FETCH locked INTO v_position, v_sid, v_ttl_ms, v_kind, v_start, v_length, v_removed_length;
      IF v_is_last THEN
        LEAVE saving;
      END IF;
      item: BEGIN
        {{> skip_refused_item}}
        IF v_is_together AND v_kind IN ('touch', 'key', 'update') THEN
          SET v_saved = CONCAT_WS(',', v_saved, v_position);
          LEAVE item;
        END IF;
        SET v_sess = NULL;
        IF v_kind = 'update' THEN
          SET v_text = SUBSTRING(p_texts, v_start, v_length);
          SET v_sess = v_text;
        ELSEIF v_kind IN ('merge', 'key') THEN
          SET v_text = SUBSTRING(p_texts, v_start, v_length);
          SET v_changed = v_text;
          SET v_text = IF(
            v_kind = 'key', '[]', SUBSTRING(p_texts, v_start + v_length, v_removed_length)
          );
          SET v_items = JSON_LENGTH(v_changed), v_removed = v_text;
          SELECT `sess` INTO v_sess FROM {{table}} WHERE {{sid}} = v_sid FOR UPDATE;
          SET v_cost
            = (v_items DIV 2 + JSON_LENGTH(v_removed)) * (LENGTH(v_sess) + LENGTH(v_changed));
          IF NOT COALESCE(
            JSON_TYPE(v_sess) = 'OBJECT'
            AND v_total_cost + v_cost <= {{max_merge_cost}} AND v_items MOD 2 = 0
            AND JSON_TYPE(v_changed) = 'ARRAY' AND JSON_TYPE(v_removed) = 'ARRAY', 0
          ) THEN
            LEAVE item;
          END IF;
          SET v_total_cost = v_total_cost + v_cost;
          {{> merge_keys}}
        END IF;
        UPDATE {{table}} USE INDEX (PRIMARY)
        SET
          `sess` = COALESCE(v_sess, `sess`),
          `expired` = COALESCE(v_now + INTERVAL v_ttl_ms * 1000 MICROSECOND, `expired`),
          `updated_at` = v_now
        WHERE
          {{sid}} = v_sid
          AND IF(v_kind = 'touch', v_ttl_ms, v_sess) IS NOT NULL;
        IF ROW_COUNT() > 0 THEN
          SET v_saved = CONCAT_WS(',', v_saved, v_position);
        END IF;
      END;
    END LOOP;
    CLOSE locked;
    SET v_saved = CONCAT('[', COALESCE(v_saved, ''), ']');
  END IF;
  COMMIT AND NO CHAIN NO RELEASE;
  SELECT COALESCE(v_saved, '[]') AS saved;
END;

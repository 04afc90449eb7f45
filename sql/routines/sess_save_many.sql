-- The routine skips a session that another call has locked, so no session delays the others. It
-- locks in the order of the list, which must be the order of the ids: see sess_touch_many.
-- The texts are separate from the list: a text that is no JSON, or nests deeply, harms no other.
-- An UPDATE for each row is the fastest way. MariaDB keeps the texts of a joined UPDATE in a
-- temporary table on disk. The cursor has no texts, so its table stays in memory.
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
- touch, merge or update: what {{sess_touch}}, {{sess_merge}} or {{sess_update}} do
- the position in p_texts of the text for merge and update, from 1, and its length in bytes
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
  DECLARE v_position, v_index, v_items, v_errno INT;
  DECLARE v_total_cost BIGINT DEFAULT 0;
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_kind VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_text LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE v_sess, v_changed, v_removed, v_key JSON;
  DECLARE v_saved LONGTEXT CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_is_last BOOLEAN DEFAULT 0;
  DECLARE locked CURSOR FOR
    SELECT
      asked.position, {{table}}.{{sid}}, asked.ttl_ms, asked.kind, asked.start, asked.bytes,
      asked.removed_bytes
    FROM (
      SELECT position, id, ttl_ms, kind, start, bytes, removed_bytes
      FROM JSON_TABLE(p_saves, '$[*]' COLUMNS (
        position FOR ORDINALITY,
        id VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[0]',
        ttl_ms BIGINT PATH '$[1]' DEFAULT '0' ON ERROR,
        kind VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin PATH '$[2]',
        start BIGINT PATH '$[3]',
        bytes BIGINT PATH '$[4]',
        removed_bytes BIGINT PATH '$[5]'
      )) AS list
    ) AS asked
    STRAIGHT_JOIN {{table}} FORCE INDEX (PRIMARY)
      {{> match_listed_id}}
    WHERE `expired` > v_now AND COALESCE(asked.ttl_ms, 1) BETWEEN 1 AND v_max_ttl_ms
    FOR UPDATE SKIP LOCKED;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_last = 1;
  {{> rollback_on_error}}
  {{> reset_session}}
  SET v_max_ttl_ms = {{max_ttl_ms}};
  SET v_now = UTC_TIMESTAMP(3);
  START TRANSACTION;
  OPEN locked;
  saving: LOOP
    FETCH locked INTO v_position, v_sid, v_ttl_ms, v_kind, v_start, v_length, v_removed_length;
    IF v_is_last THEN
      LEAVE saving;
    END IF;
    item: BEGIN
      {{> skip_refused_item}}
      SET v_sess = NULL;
      IF v_kind = 'update' THEN
        SET v_text = SUBSTRING(p_texts, v_start, v_length);
        SET v_sess = v_text;
      ELSEIF v_kind = 'merge' THEN
        SET v_text = SUBSTRING(p_texts, v_start, v_length);
        SET v_changed = v_text;
        IF NOT COALESCE(
          JSON_LENGTH(v_changed) = 2 AND JSON_TYPE(JSON_EXTRACT(v_changed, '$[0]')) = 'STRING'
          AND SUBSTRING(p_texts, v_start + v_length, v_removed_length) = '[]', 0
        ) THEN
          SET v_text = SUBSTRING(p_texts, v_start + v_length, v_removed_length);
          SET v_items = JSON_LENGTH(v_changed), v_removed = v_text;
          SELECT `sess` INTO v_sess FROM {{table}} WHERE {{sid}} = v_sid FOR UPDATE;
          SET v_cost
            = (v_items DIV 2 + JSON_LENGTH(v_removed)) * (LENGTH(v_sess) + LENGTH(v_changed));
          IF NOT COALESCE(
            v_total_cost + v_cost <= {{max_merge_cost}} AND v_items MOD 2 = 0
            AND JSON_TYPE(v_changed) = 'ARRAY' AND JSON_TYPE(v_removed) = 'ARRAY', 0
          ) THEN
            LEAVE item;
          END IF;
          SET v_total_cost = v_total_cost + v_cost;
          {{> merge_keys}}
        END IF;
      END IF;
      UPDATE {{table}} USE INDEX (PRIMARY)
      SET
        `sess` = CASE
          WHEN v_sess IS NOT NULL THEN v_sess
          WHEN v_kind = 'touch' THEN `sess`
          ELSE JSON_SET(
            `sess`, CONCAT('$.', JSON_EXTRACT(v_changed, '$[0]')), JSON_EXTRACT(v_changed, '$[1]')
          )
        END,
        `expired` = COALESCE(v_now + INTERVAL v_ttl_ms * 1000 MICROSECOND, `expired`),
        `updated_at` = v_now
      WHERE
        {{sid}} = v_sid
        AND CASE v_kind
          WHEN 'merge' THEN JSON_TYPE(`sess`) = 'OBJECT'
          WHEN 'update' THEN v_sess IS NOT NULL
          WHEN 'touch' THEN v_ttl_ms IS NOT NULL
        END;
      IF ROW_COUNT() > 0 THEN
        SET v_saved = CONCAT_WS(',', v_saved, v_position);
      END IF;
    END;
  END LOOP;
  CLOSE locked;
  COMMIT AND NO CHAIN NO RELEASE;
  SELECT CONCAT('[', COALESCE(v_saved, ''), ']') AS saved;
END;

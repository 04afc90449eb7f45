-- The routine leaves out each id that has a row, live or expired. To replace the row, it might wait
-- for the row's lock, and all sessions of the call with it.
-- It looks for the rows before the transaction begins, because that locks nothing then. It inserts
-- in the order of the list, which must be the order of the ids: see sess_touch_many.
-- Another call can insert the row in between: then it is replaced, as sess_set does. A plain INSERT
-- would lock that row for reading before it fails, and two of them deadlock.
-- One statement creates all: a statement for each costs more. If the server refuses it, the loop
-- creates one after the other. CONVERT replaces bytes that are not UTF-8. NULL makes the
-- server refuse the statement.
-- The texts are separate from the list: a text that is no JSON, or nests deeply, harms no other.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_sessions LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_texts LONGBLOB
)
COMMENT 'Creates several sessions in {{table}} in one transaction.
IN p_sessions: a JSON array, ordered by id. An id may be in it once. Each item is an array with
- a session id
- its lifetime from now in milliseconds, 1 or more
- the position of its data in p_texts, from 1, and their length in bytes.
IN p_texts: the data of all sessions, JSON texts in UTF-8, one after the other.
The call skips a session that has a row before it, live or expired, or bad arguments. {{sess_set}}
replaces the row, and reports the reason.
OUT one row:
- created: a JSON array with the positions of the created sessions in p_sessions, from 1
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_now, v_expired DATETIME(3);
  DECLARE v_max_ttl_ms, v_ttl_ms, v_start, v_length BIGINT;
  DECLARE v_position, v_errno INT;
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_sess LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  DECLARE v_missing JSON;
  DECLARE v_created LONGTEXT CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_is_last, v_is_together BOOLEAN DEFAULT 0;
  DECLARE missing CURSOR FOR
    SELECT
      asked.position, CONVERT(asked.id USING ascii), asked.ttl_ms, asked.start, asked.bytes
    FROM
      {{> listed_sessions}}
    WHERE JSON_CONTAINS(v_missing, CONCAT(asked.position));
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_last = 1;
  {{> rollback_on_error}}
  {{> reset_session}}
  SET v_max_ttl_ms = {{max_ttl_ms}};
  SET v_now = UTC_TIMESTAMP(3);
  {{> complete_array}}
  SELECT JSON_ARRAYAGG(asked.position) INTO v_missing
  FROM
    {{> listed_sessions}}
  LEFT JOIN {{table}} FORCE INDEX (PRIMARY)
    {{> match_listed_id}}
  WHERE
    {{> valid_listed_id}}
    AND asked.ttl_ms BETWEEN 1 AND v_max_ttl_ms
    AND {{table}}.{{sid}} IS NULL;
  START TRANSACTION;
  together: BEGIN
    {{> skip_refused_item}}
    {{> insert_unbuffered}}
    INSERT INTO {{table}} ({{sid}}, `sess`, `expired`, `created_at`, `updated_at`)
    SELECT
      CONVERT(asked.id USING ascii),
      IF(CAST(asked.text AS BINARY) = SUBSTRING(p_texts, asked.start, asked.bytes), asked.text, NULL),
      v_now + INTERVAL asked.ttl_ms * 1000 MICROSECOND, v_now, v_now
    FROM
      {{> listed_sessions}}
    WHERE JSON_CONTAINS(v_missing, CONCAT(asked.position))
    ON DUPLICATE KEY UPDATE
      `created_at` = IF({{table}}.`expired` > v_now, {{table}}.`created_at`, v_now),
      `sess` = asked.text,
      `expired` = v_now + INTERVAL asked.ttl_ms * 1000 MICROSECOND,
      `updated_at` = v_now;
    SET v_is_together = 1;
  END;
  IF v_is_together THEN
    SET v_created = v_missing;
  ELSE
    OPEN missing;
    creating: LOOP
      FETCH missing INTO v_position, v_sid, v_ttl_ms, v_start, v_length;
      IF v_is_last THEN
        LEAVE creating;
      END IF;
      item: BEGIN
        {{> skip_refused_item}}
        SET v_sess = SUBSTRING(p_texts, v_start, v_length),
          v_expired = v_now + INTERVAL v_ttl_ms * 1000 MICROSECOND;
        INSERT INTO {{table}} ({{sid}}, `sess`, `expired`, `created_at`, `updated_at`)
        VALUES (v_sid, v_sess, v_expired, v_now, v_now)
        ON DUPLICATE KEY UPDATE
          `created_at` = IF(`expired` > v_now, `created_at`, v_now),
          `sess` = v_sess,
          `expired` = v_expired,
          `updated_at` = v_now;
        SET v_created = CONCAT_WS(',', v_created, v_position);
      END;
    END LOOP;
    CLOSE missing;
    SET v_created = CONCAT('[', COALESCE(v_created, ''), ']');
  END IF;
  COMMIT AND NO CHAIN NO RELEASE;
  SELECT COALESCE(v_created, '[]') AS created;
END;

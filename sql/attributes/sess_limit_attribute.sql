-- Two calls for one value lock the sessions in the order of their ids, and decide under these locks
-- which ones end. So the later call sees what the earlier one left, and calls can't deadlock.
-- The ids are read without locks: see sess_destroy_attribute for this, for HEX, and for Galera.
-- With READ UNCOMMITTED, MariaDB 10.11 loses all rows if it sorts them by another column than the
-- index has. So a LIMIT makes it copy the live sessions first, and it sorts the copy.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_value LONGBLOB,
  IN p_keep INT,
  IN p_except LONGBLOB,
  IN p_by VARCHAR(7) CHARACTER SET ascii COLLATE ascii_bin,
  IN p_limit INT
)
COMMENT 'Deletes live sessions in {{table}} whose {{attribute}} ({{path}}) has a value, until only
some are left. Repeat the call while there may be more.
IN p_value: the value, UTF-8 text.
IN p_keep: how many sessions to keep, 1 or more.
IN p_except: the id of a session that stays in any case, and counts as one of p_keep; or NULL.
IN p_by: created keeps the newest sessions, seen the ones that were last saved or touched.
IN p_limit: the most sessions to look at, more than p_keep.
OUT one row:
- ended: a JSON array of the ids of the deleted sessions, as bytes
- more: 1 if there may be more, else 0
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_done, v_fetched INT DEFAULT 0;
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_time DATETIME(3);
  DECLARE v_locked, v_ended LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
  {{> declare_value}}
  DECLARE v_sessions CURSOR FOR
    SELECT id
    FROM (
      SELECT id
      FROM (
        SELECT {{sid}} AS id, IF(p_by = 'seen', `updated_at`, `created_at`) AS time
        FROM {{table}} FORCE INDEX ({{attribute_index}})
        WHERE
          {{> match_value}}
          AND `expired` > UTC_TIMESTAMP(3)
        ORDER BY {{sid}}
        LIMIT 2147483647
      ) AS live
      ORDER BY COALESCE(CAST(id AS BINARY) = p_except, 0) DESC, time, id
      LIMIT p_limit
    ) AS oldest
    ORDER BY id;
  DECLARE v_excess CURSOR FOR
    SELECT id
    FROM JSON_TABLE(CONCAT('[', v_locked, ']'), '$[*]' COLUMNS (
      id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin PATH '$[0]',
      time VARCHAR(23) CHARACTER SET ascii COLLATE ascii_bin PATH '$[1]'
    )) AS ranked
    ORDER BY COALESCE(CAST(id AS BINARY) = p_except, 0) DESC, time DESC, id DESC
    LIMIT p_keep, 2147483647;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = 1;
  {{> rollback_on_error}}
  {{> reset_session}}
  IF NOT COALESCE(p_keep >= 1 AND p_keep < p_limit, 0) THEN
    SIGNAL SQLSTATE '45000'
    SET MESSAGE_TEXT = '{{routine}}: p_keep must be at least 1, and less than p_limit';
  END IF;
  IF NOT COALESCE(p_by IN ('created', 'seen'), 0) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{{routine}}: p_by must be created or seen';
  END IF;
  {{> wait_before_read}}
  SELECT 0 INTO v_done;
  OPEN v_sessions;
  START TRANSACTION;
  locking: LOOP
    FETCH v_sessions INTO v_sid;
    IF v_done THEN
      LEAVE locking;
    END IF;
    SET v_fetched = v_fetched + 1, v_time = NULL;
    SELECT IF(p_by = 'seen', `updated_at`, `created_at`) INTO v_time
    FROM {{table}}
    WHERE
      {{sid}} = v_sid AND `expired` > UTC_TIMESTAMP(3)
      AND HEX(CONVERT({{attribute}} USING utf8mb4)) = HEX(p_value)
    FOR UPDATE;
    IF v_time IS NOT NULL THEN
      SET v_locked = CONCAT_WS(',', v_locked, JSON_ARRAY(v_sid, CAST(v_time AS CHAR(23))));
    END IF;
    SET v_done = 0;
  END LOOP;
  CLOSE v_sessions;
  SET v_done = 0;
  OPEN v_excess;
  ending: LOOP
    FETCH v_excess INTO v_sid;
    IF v_done THEN
      LEAVE ending;
    END IF;
    DELETE FROM {{table}} WHERE {{sid}} = v_sid;
    SET v_ended = CONCAT_WS(',', v_ended, JSON_QUOTE(v_sid));
  END LOOP;
  CLOSE v_excess;
  COMMIT AND NO CHAIN NO RELEASE;
  SELECT CONVERT(CONCAT('[', COALESCE(v_ended, ''), ']') USING binary) AS ended,
    v_fetched = p_limit AS more;
END;

-- Ids and texts go out as bytes, which no character set of a connection can turn into other characters.
-- The index takes 'bob' and 'bob ' for the same, and 7 and '007': so whatever it finds is held against the value's bytes.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_find_attribute` (
  IN p_value LONGBLOB,
  IN p_after VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
  IN p_limit INT
)
COMMENT 'Reads the live sessions of `sessions` that have a value as their `attribute` ({path}), a page at a time, in the order of their ids.
IN p_value: the value, as text in UTF-8. p_after: the last id of the page before, empty for the first page. p_limit: how many at most, 1 or more.
OUT a row a session: sid (as bytes), sess (JSON text, as bytes of UTF-8), ttl_ms (milliseconds it has left), age_ms (milliseconds since it was created).'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_text LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT CONVERT(p_value USING utf8mb4);
  DECLARE v_value {type} DEFAULT {value};
  IF p_limit IS NULL OR p_limit < 1 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_find_attribute`: p_limit must be at least 1';
  END IF;
  /*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT
    CAST(`sid` AS BINARY) AS sid,
    CONVERT(`sess` USING binary) AS sess,
    TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), `expired`) DIV 1000 AS ttl_ms,
    TIMESTAMPDIFF(MICROSECOND, `created_at`, UTC_TIMESTAMP(3)) DIV 1000 AS age_ms
  FROM `sessions` FORCE INDEX (`attribute_idx`)
  WHERE
    `attribute` = v_value AND HEX(CONVERT(`attribute` USING utf8mb4)) = HEX(p_value)
    AND `sid` > p_after AND `expired` > UTC_TIMESTAMP(3)
  ORDER BY `sessions`.`sid`
  LIMIT p_limit;
END;

-- Ids go out as bytes, which no character set of a connection can turn into other characters.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_ids` (
  IN p_after VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
  IN p_limit INT
)
COMMENT 'Reads the ids of live sessions from `sessions`, a page at a time, in the order of their ids.
IN p_after: the last id of the page before, empty for the first page. p_limit: how many at most, 1 or more.
OUT a row a session: sid (as bytes).'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
BEGIN
  IF p_limit IS NULL OR p_limit < 1 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_ids`: p_limit must be at least 1';
  END IF;
  /*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT CAST(`sid` AS BINARY) AS sid
  FROM `sessions`
  WHERE `sid` > p_after AND `expired` > UTC_TIMESTAMP(3)
  ORDER BY `sessions`.`sid`
  LIMIT p_limit;
END;

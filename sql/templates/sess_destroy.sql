-- A DELETE by the value would lock the index before the rows and deadlock with user traffic, which locks rows first. So the
-- ids are read without locks, and each row is deleted by its key, in the order of the keys, if it still has the value. A
-- hundred go at once or, where that fails, none: a commit costs more than a deletion. All who lock several sessions take
-- this order, so that no deadlock can come of it. A DELETE that compared the
-- attribute itself could go in by the attribute's index, in another order.
-- The index takes 'bob' and 'bob ' for the same, and 7 and '007': so whatever it finds is held against the value's bytes.
-- What other nodes of a Galera cluster have written is waited for ahead of the transaction: where one reads and then deletes, MariaDB
-- 11.6 and later refuse it (1020) as soon as another one has deleted the row.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_destroy_attribute` (
  IN p_value LONGBLOB,
  IN p_except LONGBLOB,
  IN p_limit INT
)
COMMENT 'Deletes the live sessions of `sessions` that have a value as their `attribute` ({path}). Repeat it while there are more.
IN p_value: the value, as text in UTF-8. p_except: the id of a session to keep, or NULL. p_limit: how many at most, 1 or more.
OUT one row: deleted (how many), more (1 where there may be more, else 0).'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_done, v_fetched, v_deleted INT DEFAULT 0;
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
  DECLARE v_text LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT CONVERT(p_value USING utf8mb4);
  DECLARE v_value {type} DEFAULT {value};
  DECLARE v_sessions CURSOR FOR
    SELECT `sid` FROM `sessions` FORCE INDEX (`attribute_idx`)
    WHERE
      `attribute` = v_value AND HEX(CONVERT(`attribute` USING utf8mb4)) = HEX(p_value)
      AND (p_except IS NULL OR CAST(`sid` AS BINARY) <> p_except) AND `expired` > UTC_TIMESTAMP(3)
    ORDER BY `sid`
    LIMIT p_limit;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = 1;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    ROLLBACK;
    RESIGNAL;
  END;
  IF p_limit IS NULL OR p_limit < 1 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_destroy_attribute`: p_limit must be at least 1';
  END IF;
  /*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT 0 INTO v_done;
  OPEN v_sessions;
  START TRANSACTION;
  deleting: LOOP
    FETCH v_sessions INTO v_sid;
    IF v_done THEN
      LEAVE deleting;
    END IF;
    DELETE FROM `sessions` WHERE `sid` = v_sid AND HEX(CONVERT(`attribute` USING utf8mb4)) = HEX(p_value);
    SET v_deleted = v_deleted + ROW_COUNT(), v_fetched = v_fetched + 1;
    IF v_fetched MOD 100 = 0 THEN
      COMMIT;
      START TRANSACTION;
    END IF;
  END LOOP;
  COMMIT;
  CLOSE v_sessions;
  SELECT v_deleted AS deleted, v_fetched = p_limit AS more;
END;

-- The id comes as bytes, because a parameter is converted in the caller's sql_mode: one that is not strict
-- would cut a long id, or turn its letters into question marks, and so hit another session.
-- What is asked for is looked at only where nothing was updated: a wrong id and a wrong time meet no row. An answer
-- is sent only then, too, as it costs the server about as much as the update does.
-- The look after the update is for clients that count changed rows, not found ones: an update that
-- changes nothing within one millisecond has still found its session.
-- A session that another node of a Galera cluster has just written may not be here yet: where nothing is found, that is waited
-- for, and looked at again. It is not waited for first: a call that its caller has given up would then go on after others
-- that came later, while the cluster itself refuses what was done before it.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_update` (
  IN p_sid LONGBLOB,
  IN p_sess LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  IN p_ttl_ms BIGINT
)
COMMENT 'Replaces a live session in `sessions` whole, and never creates one.
IN p_sid: the session''s id, 1 to 255 visible ASCII characters. p_sess: its data, JSON text. p_ttl_ms: how long it lives from now, in milliseconds, 1 or more; NULL for as long as before.
OUT no row where the session was changed, else one: found (1 where it was there and is as it was, 0 where it was not there).'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin DEFAULT
    IF(LENGTH(p_sid) BETWEEN 1 AND 255 AND CONVERT(p_sid USING latin1) COLLATE latin1_bin NOT REGEXP '[^!-~]', p_sid, NULL);
  DECLARE v_longest BIGINT DEFAULT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), '9999-12-31 23:59:59') * 1000;
  DECLARE v_found BOOLEAN;
  updating: LOOP
    UPDATE `sessions` USE INDEX (PRIMARY)
    SET
      `sess` = p_sess,
      `expired` = COALESCE(UTC_TIMESTAMP(3) + INTERVAL p_ttl_ms * 1000 MICROSECOND, `expired`),
      `updated_at` = UTC_TIMESTAMP(3)
    WHERE `sid` = v_sid AND `expired` > UTC_TIMESTAMP(3) AND COALESCE(p_ttl_ms, 1) BETWEEN 1 AND v_longest;
    IF ROW_COUNT() > 0 THEN
      LEAVE updating;
    END IF;
    IF v_found THEN
      SELECT 1 AS found;
      LEAVE updating;
    END IF;
    IF v_sid IS NULL THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_update`: p_sid must be 1 to 255 visible ASCII characters';
    END IF;
    IF p_ttl_ms NOT BETWEEN 1 AND v_longest THEN
      SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '`sess_update`: p_ttl_ms must be NULL, or at least 1 and end before the year 10000';
    END IF;
    /*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT EXISTS (SELECT 1 FROM `sessions` WHERE `sid` = v_sid AND `expired` > UTC_TIMESTAMP(3)) INTO v_found;
    IF NOT v_found THEN
      SELECT 0 AS found;
      LEAVE updating;
    END IF;
  END LOOP;
END;

-- A DELETE by the value locks the index before the rows. User traffic locks the rows first, so the
-- two would deadlock. This routine reads the ids without locks. Then it deletes each row by its
-- key, if it still has the value. Each batch is one transaction: it deletes all its rows, or none.
-- The rows are deleted in the order of their ids. All calls that lock several sessions use this
-- order, so they can't deadlock. The DELETE compares bytes: by the column itself, it could use the
-- index on the attribute, in another order.
-- A Galera node waits before the transaction begins. In the transaction, MariaDB 11.6 would refuse
-- to delete a row that it read, once another one deleted that row (error 1020).
-- A commit costs more than a deletion, so {{batch_size}} deletions share a commit.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_value LONGBLOB,
  IN p_except LONGBLOB,
  IN p_limit INT
)
COMMENT 'Deletes the live sessions in {{table}} whose {{attribute}} ({{path}}) has a value.
Repeat the call while there may be more.
IN p_value: the value, UTF-8 text.
IN p_except: the id of a session to keep, or NULL.
IN p_limit: the most sessions to delete, 1 or more.
OUT one row:
- deleted: the number of deleted sessions
- more: 1 if there may be more, else 0
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
SQL SECURITY DEFINER
BEGIN
  DECLARE v_done, v_fetched, v_deleted INT DEFAULT 0;
  DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin;
  {{> declare_value}}
  DECLARE v_sessions CURSOR FOR
    SELECT {{sid}} FROM {{table}} FORCE INDEX ({{attribute_index}})
    WHERE
      {{> match_value}}
      AND (p_except IS NULL OR CAST({{sid}} AS BINARY) <> p_except)
      AND `expired` > UTC_TIMESTAMP(3)
    ORDER BY {{sid}}
    LIMIT p_limit;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = 1;
  {{> rollback_on_error}}
  {{> reset_session}}
  {{> check_limit}}
  {{> wait_before_read}}
  SELECT 0 INTO v_done;
  OPEN v_sessions;
  START TRANSACTION;
  deleting: LOOP
    FETCH v_sessions INTO v_sid;
    IF v_done THEN
      LEAVE deleting;
    END IF;
    DELETE FROM {{table}}
    WHERE {{sid}} = v_sid AND HEX(CONVERT({{attribute}} USING utf8mb4)) = HEX(p_value);
    SET v_deleted = v_deleted + ROW_COUNT(), v_fetched = v_fetched + 1;
    IF v_fetched MOD {{batch_size}} = 0 THEN
      COMMIT AND NO CHAIN NO RELEASE;
      START TRANSACTION;
    END IF;
  END LOOP;
  COMMIT AND NO CHAIN NO RELEASE;
  CLOSE v_sessions;
  SELECT v_deleted AS deleted, v_fetched = p_limit AS more;
END;

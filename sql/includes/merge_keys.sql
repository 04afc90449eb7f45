SET v_index = 0, v_items = JSON_LENGTH(v_changed);
WHILE v_index < v_items DO
  SET v_key = JSON_EXTRACT(v_changed, CONCAT('$[', v_index, ']'));
  IF JSON_TYPE(v_key) <> 'STRING' THEN
    SIGNAL SQLSTATE '45000'
    SET MESSAGE_TEXT =
      '{{routine}}: p_changed must be a JSON array of keys and values in turn';
  END IF;
  SET v_sess = JSON_SET(
    v_sess, CONCAT('$.', v_key), JSON_EXTRACT(v_changed, CONCAT('$[', v_index + 1, ']'))
  );
  SET v_index = v_index + 2;
END WHILE;
SET v_index = 0, v_items = JSON_LENGTH(v_removed);
WHILE v_index < v_items DO
  SET v_key = JSON_EXTRACT(v_removed, CONCAT('$[', v_index, ']'));
  IF JSON_TYPE(v_key) <> 'STRING' THEN
    SIGNAL SQLSTATE '45000'
    SET MESSAGE_TEXT = '{{routine}}: p_removed must be a JSON array of keys';
  END IF;
  SET v_sess = JSON_REMOVE(v_sess, CONCAT('$.', v_key));
  SET v_index = v_index + 1;
END WHILE;

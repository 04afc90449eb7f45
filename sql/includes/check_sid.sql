IF v_sid IS NULL THEN
  SIGNAL SQLSTATE '45000'
  SET MESSAGE_TEXT = '{{routine}}: p_sid must be 1 to 255 visible ASCII characters';
END IF;

IF p_limit IS NULL OR p_limit < 1 THEN
  SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{{routine}}: p_limit must be at least 1';
END IF;

IF NOT COALESCE(
  LENGTH(p_sid) BETWEEN 1 AND 255
    AND CONVERT(p_sid USING latin1) COLLATE latin1_bin NOT REGEXP '[^!-~]',
  0
) THEN
  SIGNAL SQLSTATE '45000'
  SET MESSAGE_TEXT = '{{routine}}: p_sid must be 1 to 255 visible ASCII characters';
END IF;

-- The id arrives as bytes, because the server converts a parameter in the caller's sql_mode. A mode
-- that is not strict cuts a long id, or turns letters into question marks. Both hit other sessions.
DECLARE v_sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin DEFAULT IF(
  LENGTH(p_sid) BETWEEN 1 AND 255
    AND CONVERT(p_sid USING latin1) COLLATE latin1_bin NOT REGEXP '[^!-~]',
  p_sid,
  NULL
);

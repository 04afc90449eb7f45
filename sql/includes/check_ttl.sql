IF p_ttl_ms IS NULL OR p_ttl_ms NOT BETWEEN 1 AND {{max_ttl_ms}} THEN
  SIGNAL SQLSTATE '45000'
  SET MESSAGE_TEXT = '{{routine}}: p_ttl_ms must be at least 1 and end before the year 10000';
END IF;

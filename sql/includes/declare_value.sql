DECLARE v_text LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT
  CONVERT(p_value USING utf8mb4);
DECLARE v_value {{type}} DEFAULT {{value}};

(
  SELECT CONVERT(routine_name USING utf8mb4) COLLATE utf8mb4_general_ci AS routine
  FROM information_schema.routines
  WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'
    AND LOWER(SUBSTRING_INDEX(routine_comment, '\n', -1)) = LOWER(@sess_marker)
) AS own

-- Each routine is as in the package. The bodies are compared by a hash, without differences in
-- blanks. MariaDB executes the comments that begin with an M, and keeps only their text.
SELECT 'routines' AS area, CONCAT('routine ', listed.routine) AS subject,
  'as in the package' AS expected,
  CASE
    WHEN found.routine IS NULL THEN 'missing, or hidden from this account'
    WHEN NOT found.is_own THEN 'not of this installation: its comment has no marker'
    WHEN found.body IS NULL THEN 'its definition is hidden from this account'
    ELSE CONCAT_WS(', ',
      IF(found.body = ELT(
        @sess_server, listed.body_mysql, listed.body_mariadb, listed.body_no_cluster
      ), NULL, 'different body'),
      IF(found.parameters = listed.parameters, NULL, 'different parameters'),
      IF(found.comment_hash = listed.comment_hash, NULL, 'different comment'),
      IF(found.security = 'DEFINER', NULL, CONCAT('SQL SECURITY ', found.security)),
      IF(found.is_deterministic = listed.is_deterministic, NULL, 'different DETERMINISTIC'),
      IF(found.access = listed.access, NULL, found.access),
      IF(found.settings = '', NULL, found.settings),
      IF(IF(
        @sess_definer IS NULL,
        EXISTS (SELECT 1 FROM mysql.user WHERE CONCAT(user, '@', host) = found.definer),
        found.definer = CONCAT(@sess_definer, '@localhost')
      ), NULL, CONCAT('definer ', found.definer))
    )
  END AS found,
  IF(
    found.is_own AND found.body IS NULL,
    CONCAT(
      /*!80000 'GRANT SHOW_ROUTINE ON *.* TO `' *//*M! 'GRANT SELECT ON `mysql`.* TO `' */,
      REPLACE(CURRENT_USER(), '@', '`@`'), '`;'
    ),
    {{migrate}}
  ) AS remedy
FROM
  {{> listed_routines}}
LEFT JOIN (
  SELECT routine, is_own, security, is_deterministic, access, settings, definer, comment_hash,
    SHA2(
      {{> comparable_body}}
    , 256) AS body,
    COALESCE((
      SELECT GROUP_CONCAT(
        CONCAT_WS(' ', parameter_mode, parameter_name,
          CONCAT(
            data_type,
            IF(
              data_type IN ('varchar', 'varbinary'), CONCAT('(', character_maximum_length, ')'), ''
            )
          ),
          character_set_name)
        ORDER BY ordinal_position SEPARATOR ', '
      )
      FROM information_schema.parameters
      WHERE specific_schema = DATABASE() AND routine_type = 'PROCEDURE'
        AND CONVERT(specific_name USING utf8mb4) COLLATE utf8mb4_general_ci = routine
    ), '') AS parameters
  FROM (
    SELECT CONVERT(routine_name USING utf8mb4) COLLATE utf8mb4_general_ci AS routine,
      LOWER(SUBSTRING_INDEX(routine_comment, '\n', -1)) = LOWER(@sess_marker) AS is_own,
      CONVERT(routine_definition USING utf8mb4) AS definition,
      SHA2(CONVERT(routine_comment USING utf8mb4), 256) AS comment_hash,
      security_type AS security, is_deterministic, sql_data_access AS access,
      CONVERT(definer USING utf8mb4) AS definer, {{other_settings}} AS settings
    FROM information_schema.routines
    WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'
  ) AS installed
) AS found ON found.routine = listed.routine
HAVING found <> '';

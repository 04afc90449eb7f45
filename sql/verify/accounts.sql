-- Only the roles reach the sessions: no other account has privileges on the tables, the routines or
-- the database. An account with the grant option on the database counts as an administrator.
SELECT 'grants' AS area, CONCAT('account ''', user, '''@''', host, '''') AS subject,
  'no privileges on the table' AS expected,
  CONCAT(CONCAT_WS(',', NULLIF(table_priv, ''), NULLIF(column_priv, '')), ' ON ', table_name)
    AS found,
  CONCAT('REVOKE ALL PRIVILEGES ON `', db, '`.`', table_name, '` FROM `', user, '`@`', host, '`;')
    AS remedy
FROM mysql.tables_priv
WHERE db = DATABASE() AND table_name IN (@sess_table, @sess_log_table)
  AND NOT (user <=> @sess_definer AND host = 'localhost' AND table_name = @sess_table)
  AND CONCAT(user, '@', host) <> CURRENT_USER()
  AND NOT EXISTS (
    SELECT 1 FROM information_schema.routines AS run_as
    WHERE @sess_definer IS NULL AND run_as.routine_schema = DATABASE()
      AND run_as.definer = CONCAT(user, '@', host)
  );
SELECT 'grants' AS area, CONCAT('account ''', user, '''@''', host, '''') AS subject,
  'only the routines of its roles' AS expected,
  CONCAT('EXECUTE on ', GROUP_CONCAT(beyond.routine ORDER BY beyond.routine SEPARATOR ', '))
    AS found,
  REPLACE({{revoke}}, 'ACCOUNT', CONCAT('''', user, '''@''', host, '''')) AS remedy
FROM (
  SELECT privileges.user, privileges.host, own.routine
  FROM mysql.procs_priv AS privileges
  JOIN
    {{> own_routines}}
    ON CONVERT(privileges.routine_name USING utf8mb4) COLLATE utf8mb4_general_ci = own.routine
  WHERE @sess_log IS NOT NULL AND privileges.db = DATABASE()
    AND privileges.routine_type = 'PROCEDURE'
    AND NOT (privileges.user <=> @sess_definer AND privileges.host = 'localhost')
    AND CONCAT(privileges.user, '@', privileges.host) <> CURRENT_USER()
    AND NOT EXISTS (
      SELECT 1
      FROM
        {{> recorded_steps}}
      JOIN
        {{> listed_roles}}
        ON entitled.role_name = recorded.role_name
      WHERE recorded.kind = 'grant' AND recorded.user_name = privileges.user
        AND recorded.host_name = privileges.host AND entitled.routine = own.routine
    )
) AS beyond
GROUP BY user, host;
SELECT 'grants' AS area, CONCAT('account ''', user, '''@''', host, '''') AS subject,
  'no privileges on the whole database' AS expected,
  CONCAT(CONCAT_WS(', ',
    IF(select_priv = 'Y', 'SELECT', NULL), IF(insert_priv = 'Y', 'INSERT', NULL),
    IF(update_priv = 'Y', 'UPDATE', NULL), IF(delete_priv = 'Y', 'DELETE', NULL),
    IF(execute_priv = 'Y', 'EXECUTE', NULL), IF(alter_priv = 'Y', 'ALTER', NULL),
    IF(drop_priv = 'Y', 'DROP', NULL), IF(create_routine_priv = 'Y', 'CREATE ROUTINE', NULL),
    IF(alter_routine_priv = 'Y', 'ALTER ROUTINE', NULL), IF(trigger_priv = 'Y', 'TRIGGER', NULL),
    IF(create_view_priv = 'Y', 'CREATE VIEW', NULL), IF(event_priv = 'Y', 'EVENT', NULL)
  ), ' ON `', db, '`.*') AS found,
  CONCAT('REVOKE ALL PRIVILEGES ON `', db, '`.* FROM `', user, '`@`', host, '`;') AS remedy
FROM mysql.db
WHERE DATABASE() LIKE db AND grant_priv = 'N'
  AND NOT (user <=> @sess_definer AND host = 'localhost')
  AND CONCAT(user, '@', host) <> CURRENT_USER();

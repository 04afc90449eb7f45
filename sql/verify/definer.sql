-- The account that the routines run as: locked, and with the privileges that they need, no more.
SELECT 'definer' AS area, CONCAT('account ', @sess_definer_name) AS subject,
  'locked, with what the routines need' AS expected,
  CASE
    WHEN NOT EXISTS (SELECT 1 FROM mysql.user WHERE user = @sess_definer AND host = 'localhost')
      THEN 'missing'
    ELSE CONCAT_WS(', ',
      (
        SELECT CONCAT_WS(', ',
          IF(is_locked, NULL, 'not locked'), IF(no_login, NULL, 'with a password')
        )
        FROM (
          SELECT
            /*!80000 account_locked = 'Y' */
            /*M! COALESCE(JSON_VALUE(priv, '$.account_locked') IN ('1', 'true'), 0) */
            AS is_locked,
            /*!80000 plugin = 'caching_sha2_password' AND
              authentication_string LIKE '$A$005$THISIS%' */
            /*M! JSON_VALUE(priv, '$.plugin') = 'unix_socket' AND
              NOT JSON_EXISTS(priv, '$.auth_or') */
            AS no_login
          FROM mysql./*!80000 user *//*M! global_priv */
          WHERE user = @sess_definer AND host = 'localhost'
        ) AS credential
        WHERE NOT (is_locked AND no_login)
      ),
      (
        SELECT CONCAT('no ', GROUP_CONCAT(UPPER(needed.name) SEPARATOR ', '), ' on the table')
        FROM JSON_TABLE('["Select", "Insert", "Update", "Delete"]', '$[*]' COLUMNS (
          name VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PATH '$'
        )) AS needed
        WHERE NOT EXISTS (
          SELECT 1 FROM mysql.tables_priv
          WHERE user = @sess_definer AND host = 'localhost' AND db = DATABASE()
            AND table_name = @sess_table AND FIND_IN_SET(needed.name, table_priv)
        )
      ),
      (
        SELECT CONCAT('no EXECUTE on ', GROUP_CONCAT(own.routine SEPARATOR ', '))
        FROM
          {{> own_routines}}
        WHERE NOT EXISTS (
          SELECT 1 FROM mysql.procs_priv
          WHERE user = @sess_definer AND host = 'localhost' AND db = DATABASE()
            AND routine_type = 'PROCEDURE' AND FIND_IN_SET('Execute', proc_priv)
            AND CONVERT(routine_name USING utf8mb4) COLLATE utf8mb4_general_ci = own.routine
        )
      )
    )
  END AS found,
  {{migrate}} AS remedy
FROM DUAL
WHERE @sess_definer IS NOT NULL
HAVING found <> '';
SELECT 'definer' AS area, CONCAT('account ', @sess_definer_name) AS subject,
  'no privileges that the routines do not need' AS expected, held.privilege AS found,
  CONCAT('REVOKE ', held.privilege, ' FROM ', @sess_definer_quoted, ';') AS remedy
FROM (
  SELECT grantee, CONCAT(privilege_type, ' ON *.*') AS privilege
  FROM information_schema.user_privileges
  WHERE privilege_type <> 'USAGE'
  UNION ALL
  SELECT grantee, CONCAT(privilege_type, ' ON `', table_schema, '`.*')
  FROM information_schema.schema_privileges
  WHERE NOT (privilege_type = 'EVENT' AND @sess_every IS NOT NULL AND DATABASE() LIKE table_schema)
  UNION ALL
  SELECT grantee, CONCAT(privilege_type, ' ON `', table_schema, '`.`', table_name, '`')
  FROM information_schema.table_privileges
  WHERE NOT (
    table_schema = DATABASE() AND table_name = @sess_table
    AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  )
  UNION ALL
  SELECT CONCAT('''', user, '''@''', host, ''''),
    CONCAT(UPPER(proc_priv), ' ON ', routine_type, ' `', db, '`.`', routine_name, '`')
  FROM mysql.procs_priv
  WHERE db <> DATABASE() OR FIND_IN_SET('Grant', proc_priv)
    OR LOWER(LEFT(CONVERT(routine_name USING utf8mb4), CHAR_LENGTH(@sess_prefix)))
      <> LOWER(@sess_prefix)
  UNION ALL
  SELECT
    /*!80000 CONCAT('''', to_user, '''@''', to_host, ''''),
      CONCAT('`', from_user, '`@`', from_host, '`') FROM mysql.role_edges */
    /*M! CONCAT('''', user, '''@''', host, ''''), CONCAT('`', role, '`') FROM mysql.roles_mapping */
) AS held
WHERE held.grantee = @sess_definer_name;

-- Each account with a role may execute the routines of the role. An application may leave the
-- cleanup to others.
SELECT 'grants' AS area, CONCAT('account ', granted.account) AS subject,
  CONCAT('role ', granted.role_name) AS expected,
  IF(granted.is_missing, 'missing', CONCAT('no EXECUTE on ', (
    SELECT GROUP_CONCAT(own.routine ORDER BY own.routine SEPARATOR ', ')
    FROM
      {{> own_routines}}
    JOIN
      {{> listed_roles}}
      ON entitled.routine = own.routine
    WHERE entitled.role_name = granted.role_name AND NOT entitled.is_optional AND NOT EXISTS (
      SELECT 1 FROM mysql.procs_priv
      WHERE user = granted.user_name AND host = granted.host_name AND db = DATABASE()
        AND routine_type = 'PROCEDURE' AND FIND_IN_SET('Execute', proc_priv)
        AND CONVERT(routine_name USING utf8mb4) COLLATE utf8mb4_general_ci = own.routine
    )
  ))) AS found,
  IF(granted.is_missing,
    REPLACE({{revoke}}, 'ACCOUNT', granted.account),
    REPLACE(REPLACE({{grant}}, 'ACCOUNT', granted.account), 'ROLE', granted.role_name)
  ) AS remedy
FROM (
  SELECT recorded.role_name, recorded.user_name, recorded.host_name,
    CONCAT(
      '''', recorded.user_name,
      IF(recorded.host_name = '', '''', CONCAT('''@''', recorded.host_name, ''''))
    ) AS account,
    NOT EXISTS (
      SELECT 1 FROM mysql.user WHERE user = recorded.user_name AND host = recorded.host_name
    ) AS is_missing
  FROM
    {{> recorded_steps}}
  WHERE recorded.kind = 'grant'
) AS granted
HAVING found IS NOT NULL;

-- The migration log has each step. Another checksum of the choices means that the installation has
-- other attributes, another event or another definer than this script knows.
SELECT 'log' AS area, CONCAT('table ', @sess_log_table) AS subject, 'the migration log' AS expected,
  'missing, or hidden from this account' AS found, {{migrate}} AS remedy
FROM DUAL
WHERE @sess_log IS NULL;
SELECT 'log' AS area, step.label AS subject, 'in the log, as in this script' AS expected,
  CASE
    WHEN recorded.name IS NULL THEN 'not in the log'
    WHEN recorded.checksum = '' THEN 'unfinished'
    WHEN step.kind = 'installation' THEN 'other choices'
    ELSE 'another checksum'
  END AS found,
  IF(step.kind = 'installation' AND recorded.name IS NOT NULL, {{print_again}}, {{migrate}})
    AS remedy
FROM JSON_TABLE(@sess_steps, '$[*]' COLUMNS (
  kind VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.kind',
  name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.name',
  label VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.label',
  checksum CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.checksum'
)) AS step
LEFT JOIN
  {{> recorded_steps}}
  ON recorded.kind = step.kind AND recorded.name = step.name
WHERE @sess_log IS NOT NULL
  AND (recorded.name IS NULL OR recorded.checksum = '' OR recorded.checksum <> step.checksum);
SELECT 'log' AS area, 'package version' AS subject, {{version}} AS expected,
  MAX(version) AS found, {{print_again}} AS remedy
FROM
  {{> recorded_steps}}
WHERE
  CAST(SUBSTRING_INDEX(version, '.', 1) AS UNSIGNED) * 1e12
  + CAST(SUBSTRING_INDEX(SUBSTRING_INDEX(version, '.', 2), '.', -1) AS UNSIGNED) * 1e6
  + CAST(SUBSTRING_INDEX(SUBSTRING_INDEX(version, '-', 1), '.', -1) AS UNSIGNED)
  > {{version_number}}
HAVING COUNT(*) > 0;

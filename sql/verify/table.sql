-- The table exists, its engine has transactions and row locks, and it has the columns and the
-- indexes of the package. MariaDB shows the type JSON as LONGTEXT with a check. Some servers show
-- the width of an integer. A column of others must not keep the routines from writing.
SELECT 'table' AS area, CONCAT('table ', @sess_table) AS subject,
  'a table of InnoDB with the marker in its comment' AS expected,
  CASE
    WHEN COUNT(*) = 0 THEN 'missing, or hidden from this account'
    WHEN LOWER(SUBSTRING_INDEX(MAX(table_comment), '\n', -1)) <> LOWER(@sess_marker)
      THEN 'not of this installation: its comment has no marker'
    WHEN MAX(engine) <> 'InnoDB' THEN MAX(engine)
  END AS found,
  IF(
    LOWER(SUBSTRING_INDEX(MAX(table_comment), '\n', -1)) = LOWER(@sess_marker) OR COUNT(*) = 0,
    {{migrate}}, {{mark_table}}
  ) AS remedy
FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_name = @sess_table AND table_type = 'BASE TABLE'
HAVING found IS NOT NULL;
SELECT 'table' AS area, CONCAT('column ', listed.name) AS subject,
  listed.definition AS expected, COALESCE(found.definition, 'missing') AS found,
  {{migrate}} AS remedy
FROM JSON_TABLE(@sess_columns, '$[*]' COLUMNS (
  name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PATH '$.name',
  definition VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.definition'
)) AS listed
LEFT JOIN (
  SELECT CONVERT(column_name USING utf8mb4) COLLATE utf8mb4_general_ci AS name,
    CONVERT(CONCAT(
      /*M! IF(EXISTS (
        SELECT 1 FROM information_schema.check_constraints AS checked
        WHERE checked.constraint_schema = DATABASE() AND checked.table_name = @sess_table
          AND checked.check_clause = CONCAT('json_valid(`', columns.column_name, '`)')
      ), 'json', */
      CONCAT_WS(' ',
        IF(collation_name IS NULL, REGEXP_REPLACE(column_type, '^([a-z]*int)[(][0-9]+[)]',
          /*!80000 '$1' *//*M! '\\1' */), column_type),
        collation_name
      )
      /*M! ) */,
      IF(
        extra LIKE '%GENERATED%',
        CONCAT(', ', extra), IF(is_nullable = 'NO', ' NOT NULL', ' NULL')
      )
    ) USING utf8mb4) COLLATE utf8mb4_bin AS definition
  FROM information_schema.columns AS columns
  WHERE table_schema = DATABASE() AND table_name = @sess_table
) AS found ON found.name = listed.name
WHERE @sess_has_table AND NOT (found.definition <=> listed.definition);
SELECT 'table' AS area, CONCAT('column ', column_name) AS subject,
  'no other column that an INSERT must fill' AS expected, CONCAT(column_type, ' NOT NULL') AS found,
  CONCAT({{alter_column}}, '`', REPLACE(column_name, '`', '``'), '` ', column_type, ' NULL;')
    AS remedy
FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = @sess_table
  AND is_nullable = 'NO' AND column_default IS NULL AND extra NOT LIKE '%GENERATED%'
  AND extra NOT LIKE '%auto_increment%'
  AND NOT JSON_CONTAINS(@sess_column_names, JSON_QUOTE(LOWER(CONVERT(column_name USING utf8mb4))));
SELECT 'table' AS area, CONCAT('index ', listed.name) AS subject,
  listed.definition AS expected, COALESCE(found.definition, 'missing') AS found,
  {{migrate}} AS remedy
FROM JSON_TABLE(@sess_indexes, '$[*]' COLUMNS (
  name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PATH '$.name',
  definition VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.definition'
)) AS listed
LEFT JOIN (
  SELECT CONVERT(index_name USING utf8mb4) COLLATE utf8mb4_general_ci AS name,
    CONVERT(CONCAT(
      IF(MAX(/*!80000 is_visible = 'NO' *//*M! ignored = 'YES' */), 'ignored, ', ''),
      IF(MAX(non_unique) = 0, 'unique on ', 'on '),
      GROUP_CONCAT(
        CONCAT(column_name, IF(sub_part IS NULL, '', CONCAT('(', sub_part, ')')))
        ORDER BY seq_in_index SEPARATOR ', '
      )
    ) USING utf8mb4) COLLATE utf8mb4_bin AS definition
  FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = @sess_table
  GROUP BY index_name
) AS found ON found.name = listed.name
WHERE @sess_has_table AND NOT (found.definition <=> listed.definition);

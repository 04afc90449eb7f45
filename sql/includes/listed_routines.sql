JSON_TABLE(@sess_routines, '$[*]' COLUMNS (
  routine VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PATH '$.routine',
  body_mysql CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.body[0]',
  body_mariadb CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.body[1]',
  body_no_cluster CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.body[2]',
  comment_hash CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.comment',
  parameters VARCHAR(1024) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.parameters',
  is_deterministic VARCHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.is_deterministic',
  access VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.access'
)) AS listed

JSON_TABLE(@sess_log, '$[*]' COLUMNS (
  kind VARCHAR(16) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.kind',
  name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.name',
  checksum CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.checksum',
  version VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.version',
  role_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.role',
  user_name VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.user',
  host_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PATH '$.host'
)) AS recorded

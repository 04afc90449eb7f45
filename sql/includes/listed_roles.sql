JSON_TABLE(@sess_roles, '$[*]' COLUMNS (
  role_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$.role',
  routine VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PATH '$.routine',
  is_optional INT PATH '$.optional'
)) AS entitled

(
  SELECT
    position, id, ttl_ms, start, bytes,
    CONVERT(SUBSTRING(p_texts, start, bytes) USING utf8mb4) COLLATE utf8mb4_bin AS text
  FROM JSON_TABLE(p_sessions, '$[*]' COLUMNS (
    position FOR ORDINALITY,
    id VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[0]',
    ttl_ms BIGINT PATH '$[1]',
    start BIGINT PATH '$[2]',
    bytes BIGINT PATH '$[3]'
  )) AS list
) AS asked

-- A derived table: MySQL locks no rows through JSON_TABLE alone.
(
  SELECT
    position, id, ttl_ms, kind, start, bytes, removed_bytes,
    CONVERT(SUBSTRING(p_texts, start, bytes) USING utf8mb4) COLLATE utf8mb4_bin AS text
  FROM JSON_TABLE(p_saves, '$[*]' COLUMNS (
    position FOR ORDINALITY,
    id VARCHAR(256) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[0]',
    ttl_ms BIGINT PATH '$[1]' DEFAULT '0' ON ERROR,
    kind VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin PATH '$[2]',
    start BIGINT PATH '$[3]',
    bytes BIGINT PATH '$[4]',
    removed_bytes BIGINT PATH '$[5]'
  )) AS list
) AS asked

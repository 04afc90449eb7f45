-- The JSON text leaves as bytes. No connection character set can turn it into question marks.
CONVERT(`sess` USING binary) AS sess,
TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), `expired`) DIV 1000 AS ttl_ms,
TIMESTAMPDIFF(MICROSECOND, `created_at`, UTC_TIMESTAMP(3)) DIV 1000 AS age_ms

-- A DATETIME ends with the year 9999, and so does the longest lifetime.
SET v_max_ttl_ms = TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), '9999-12-31 23:59:59') * 1000;

-- The depth is tried out, not looked up: servers differ, and later versions may take more. Whether it is read-only is a
-- number to most of them, and a word to some.
CREATE /*M! OR REPLACE */ DEFINER = `sess_definer`@`localhost` PROCEDURE `sess_version` ()
COMMENT 'Tells what the routines of `sessions` and this server can do.
OUT one row: contract (the version of the routines'' contract), json_depth (how many levels a session''s JSON text may nest), max_allowed_packet (the longest statement the server takes, in bytes), autocommit (0 where calls on this connection would never be committed), read_only (1 where the server takes no writes).'
LANGUAGE SQL
NOT DETERMINISTIC
CONTAINS SQL
SQL SECURITY DEFINER
SELECT
  1 AS contract,
  IF(JSON_VALID(CONCAT(REPEAT('[', 100), REPEAT(']', 100))), 100, 31) AS json_depth,
  @@session.max_allowed_packet AS max_allowed_packet,
  @@session.autocommit AS autocommit,
  CONCAT(@@global.read_only) NOT IN ('0', 'OFF') AS read_only;

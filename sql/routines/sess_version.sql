-- The routine tries the JSON depth, because servers differ, and later versions may allow more. Some
-- servers report read_only as a number, others as a word. super_read_only turns it on too. A server
-- in offline mode ends the connection. MariaDB before 11.1 has another name for
-- transaction_read_only.
CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} ()
COMMENT 'Reports what the routines of {{table}} and this server can do.
OUT one row:
- contract: the version of the contract of the routines
- json_depth: the most levels of nesting in the JSON text of a session
- max_allowed_packet: the longest statement that the server accepts, in bytes
- autocommit: 0 if the server would never commit the calls of this connection
- read_only: 1 if the server refuses writes
- server: the version of the server
- host: the name and port that the server has for itself
- server_id: its number among the servers that replicate from each other
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
CONTAINS SQL
SQL SECURITY DEFINER
SELECT
  {{contract}} AS contract,
  IF(JSON_VALID(CONCAT(REPEAT('[', 100), REPEAT(']', 100))), 100, 31) AS json_depth,
  @@session.max_allowed_packet AS max_allowed_packet,
  @@session.autocommit AS autocommit,
  CONCAT(@@global.read_only) NOT IN ('0', 'OFF')
    OR @@global.innodb_read_only
    /*!80000 OR @@session.transaction_read_only */
    /*M! OR @@session.tx_read_only */ AS read_only,
  VERSION() AS server,
  CONCAT(@@hostname, ':', @@port) AS host,
  @@global.server_id AS server_id;

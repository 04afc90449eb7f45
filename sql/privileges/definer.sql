-- The routines run as this account. It is locked, so no client can log in as it. It has no password
-- either, so no log contains one. On MySQL, no password fits its credential. On MariaDB, it could
-- log in only by the server's socket, from a system user with the same name.
CREATE USER IF NOT EXISTS {{definer}}
  /*!80000 IDENTIFIED WITH caching_sha2_password
    AS '$A$005$THISISACOMBINATIONOFINVALIDSALTANDPASSWORDTHATMUSTNEVERBRBEUSED' */
  /*M! IDENTIFIED VIA unix_socket */
  ACCOUNT LOCK;
GRANT SELECT, INSERT, UPDATE, DELETE ON {{table}} TO {{definer}};

-- The routines run as this account. It is locked, so no client can log in as it. It has no password
-- either, so no log contains one. On MySQL, no password fits its credential. On MariaDB, it could
-- log in only by the server's socket, from a system user with the same name. ALTER USER is for an
-- account of this name that exists already, with a password that somebody may know.
CREATE USER IF NOT EXISTS {{definer}}
  {{> no_login}}
ALTER USER {{definer}}
  {{> no_login}}
GRANT SELECT, INSERT, UPDATE, DELETE ON {{table}} TO {{definer}};

-- The caller may have stopped the session's clock, or turned off the check of JSON columns. Without
-- autocommit, it would read old rows, and the server would not commit what it writes.
SET timestamp = DEFAULT;
/*M! SET check_constraint_checks = 1; */
IF NOT @@autocommit THEN
  SIGNAL SQLSTATE '25000' SET MESSAGE_TEXT = '{{routine}}: autocommit must be 1';
END IF;

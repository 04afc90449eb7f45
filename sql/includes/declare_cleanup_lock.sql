-- Only one cleanup of a table runs at a time. Named locks are global to the server, so the name
-- contains database and table. MySQL allows 64 characters, so the name is a hash.
DECLARE v_lock VARCHAR(64) CHARACTER SET ascii DEFAULT
  CONCAT('sess_gc:', SHA2(CONCAT(DATABASE(), '.{{table}}'), 224));

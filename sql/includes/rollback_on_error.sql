-- An error leaves no open transaction and no lock. The caller's completion_type could begin another
-- transaction, or close the connection: NO CHAIN NO RELEASE prevents both.
DECLARE EXIT HANDLER FOR SQLEXCEPTION
BEGIN
  ROLLBACK AND NO CHAIN NO RELEASE;
  RESIGNAL;
END;

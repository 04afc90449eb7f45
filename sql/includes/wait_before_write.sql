-- A Galera node first waits for the writes of the other nodes. For other servers, the instruction
-- is a comment.
/*M! SET STATEMENT wsrep_sync_wait = 2 FOR */

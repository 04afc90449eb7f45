-- A Galera node first waits for the writes of the other nodes: else it may read an old session. For
-- other servers, the instruction is a comment.
/*M! SET STATEMENT wsrep_sync_wait = 1 FOR */

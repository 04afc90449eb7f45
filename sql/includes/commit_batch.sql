-- A commit costs more than a deletion, so {{batch_size}} deletions share a commit.
IF v_fetched MOD {{batch_size}} = 0 THEN
  COMMIT AND NO CHAIN NO RELEASE;
  START TRANSACTION;
END IF;

-- The routines run as this account. It is locked, so no client can log in as it. The server
-- generates its password, so no text contains it.
SET @definer_password = CONCAT(
  'aA1!',
  SHA2(CONCAT(
    UUID(), RAND() /*!80000 , RANDOM_BYTES(32) */ /*M!101001 , RANDOM_BYTES(32) */
  ), 256)
);
SET @create_definer = CONCAT(
  'CREATE USER IF NOT EXISTS {{definer}} IDENTIFIED BY ''', @definer_password, ''' ACCOUNT LOCK'
);
PREPARE create_definer FROM @create_definer;
EXECUTE create_definer;
DEALLOCATE PREPARE create_definer;
SET @definer_password = NULL, @create_definer = NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON {{table}} TO {{definer}};

-- The account that the routines run as: it can do what they do, and nobody can log in as it. The server
-- makes up its password, so that not even this text knows it.
SET @definer_password = CONCAT('aA1!', SHA2(CONCAT(UUID(), RAND() /*!80000 , RANDOM_BYTES(32) */ /*M!101001 , RANDOM_BYTES(32) */), 256));
SET @create_definer = CONCAT('CREATE USER IF NOT EXISTS `sess_definer`@`localhost` IDENTIFIED BY ''', @definer_password, ''' ACCOUNT LOCK');
PREPARE create_definer FROM @create_definer;
EXECUTE create_definer;
DEALLOCATE PREPARE create_definer;
SET @definer_password = NULL, @create_definer = NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON `sessions` TO `sess_definer`@`localhost`;

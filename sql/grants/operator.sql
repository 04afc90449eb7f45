GRANT EXECUTE ON PROCEDURE `sess_all` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_ids` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_length` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_clear` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_get` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_destroy` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_stats` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_version` TO `account`@`host`;

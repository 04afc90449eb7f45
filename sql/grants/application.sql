GRANT EXECUTE ON PROCEDURE `sess_get` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_set` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_update` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_merge` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_touch` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_destroy` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_gc` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_version` TO `account`@`host`;

GRANT EXECUTE ON PROCEDURE `sess_gc` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_version` TO `account`@`host`;

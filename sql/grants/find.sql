GRANT EXECUTE ON PROCEDURE `sess_find_attribute` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_version` TO `account`@`host`;

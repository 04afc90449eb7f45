GRANT EXECUTE ON PROCEDURE `sess_destroy_attribute` TO `account`@`host`;
GRANT EXECUTE ON PROCEDURE `sess_version` TO `account`@`host`;

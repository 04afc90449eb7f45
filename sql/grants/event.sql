-- Without this right the server runs none of the definer's events, and says nothing of it.
GRANT EVENT ON `database`.* TO `sess_definer`@`localhost`;

-- Without this privilege, the server skips the events of the definer, and reports no error.
GRANT EVENT ON {{database}}.* TO {{definer}};

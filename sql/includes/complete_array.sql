-- On MariaDB, group_concat_max_len limits JSON_ARRAYAGG too, and a caller can set it to 4.
/*M! SET STATEMENT group_concat_max_len = 1048576 FOR */

-- From a buffered result, MariaDB would save the values of another row.
/*M! SET STATEMENT sql_buffer_result = 0 FOR */

TRIM(REGEXP_REPLACE(
  REGEXP_REPLACE(
    REGEXP_REPLACE(definition, '/[*]M! (.*?) [*]/', /*!80000 '' *//*M! '\\1' */),
    '/[*]!80000 (.*?) [*]/', /*!80000 '$1' *//*M! '' */
  ),
  '[ \t\r\n]+', ' '
))

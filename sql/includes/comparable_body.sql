TRIM(REGEXP_REPLACE(
  REGEXP_REPLACE(definition, '/[*]M! (.*?) [*]/', /*!80000 '' *//*M! '\\1' */),
  '[ \t\r\n]+', ' '
))

CREATE /*M! OR REPLACE */ DEFINER = {{definer}} PROCEDURE {{routine}} (
  IN p_value LONGBLOB
)
COMMENT 'Counts the live sessions in {{table}} whose {{attribute}} ({{path}}) has a value.
IN p_value: the value, UTF-8 text.
OUT one row:
- live: the number of live sessions
{{marker}}'
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
SQL SECURITY DEFINER
BEGIN
  {{> declare_value}}
  {{> reset_session}}
  {{> wait_before_read}}
  SELECT COUNT(*) AS live
  FROM {{table}} FORCE INDEX ({{attribute_index}})
  WHERE
    {{> match_value}}
    AND `expired` > UTC_TIMESTAMP(3);
END;

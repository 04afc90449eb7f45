/**
 * What MariaDB 10.2 and MySQL 5.7 have already, so every supported server has it. A name that ends
 * with `(` is a function, or a type with a length.
 */
export const oldSql: ReadonlySet<string> = words(`
  CAST( CHAR( CHAR_LENGTH( COALESCE( CONCAT( CONCAT_WS( CONVERT( CONVERT_TZ( COUNT(
  CURRENT_TIMESTAMP( CURRENT_USER( DATABASE( DATE_FORMAT( DECIMAL( ELT( FIND_IN_SET( GREATEST(
  GROUP_CONCAT( HEX( IF( LEFT( LENGTH( LOCATE( LOWER( MAX( MIN( NULLIF( REPEAT( REPLACE( ROW_COUNT(
  SHA2( SLEEP( SUBSTRING( SUBSTRING_INDEX( SUM( TIMESTAMPDIFF( TRIM( UPPER( USER( UTC_TIMESTAMP(
  VALUES( VARBINARY( VARCHAR( VERSION(

  ADD ALL ALTER AND AS AUTO_INCREMENT BEGIN BETWEEN BIGINT BINARY BOOLEAN BY CALL CASE CHARACTER
  CLOSE COLLATE COLUMN COMMENT COMMIT COMMITTED COMPLETION CONDITION CONSTRAINT CONTAINS CONTINUE
  CREATE CURRENT_USER CURSOR DATA DATABASES DAY DECLARE DEFAULT DEFINER DELETE DESC DETERMINISTIC
  DIAGNOSTICS DISTINCT DIV DO DROP DUAL DUPLICATE ELSE ELSEIF ENABLE END ENGINE ERROR EVENT EVENTS
  EVERY EXECUTE EXISTS EXIT FETCH FOR FOREIGN FOUND FROM FULL FUNCTION GET GLOBAL GRANT GROUP
  HANDLER HAVING IDENTIFIED IF IGNORE IN INDEX INSERT INSTALL INT INTERVAL INTO INVOKER IS ISOLATION
  JOIN KEY LANGUAGE LEAVE LEFT LEVEL LIKE LIMIT LONGBLOB LONGTEXT LOOP MICROSECOND MINUTE MOD
  MODIFIES MODIFY MYSQL_ERRNO NAMES NO NOT NULL ON ONLY OPEN OPTION OR ORDER PREPARE PRESERVE
  PRIMARY PRIVILEGES PROCEDURE PROCESSLIST READ READS REGEXP REPEAT RETURNED_SQLSTATE REVOKE
  ROLLBACK ROUTINE SCHEDULE SECOND SECURITY SELECT SEPARATOR SESSION SET SHOW SONAME SQL
  SQLEXCEPTION SQLSTATE START SUPER TABLE THEN TIMESTAMP TO TRANSACTION TRIGGER UNION UNLOCK
  UNSIGNED UNTIL UPDATE USAGE USE USER USING VALUES VARIABLES VIEW WHEN WHERE WHILE WITH
`);

/** Words in capitals that are no SQL: values, and words of messages. */
export const otherWords: ReadonlySet<string> = words(`
  ACCOUNT ASCII DBA DELIMITER DISABLED ENABLED OFF PRI ROLE URL YES
`);

/**
 * The system variables that every supported server has. A server may lack the next two, so they are
 * read with SHOW VARIABLES, which then returns nothing. The last two are in comments for one
 * server: see sql-constructs.ts.
 */
export const variables: ReadonlySet<string> = words(`
  autocommit event_scheduler group_concat_max_len hostname innodb_lock_wait_timeout
  innodb_read_only lock_wait_timeout lower_case_table_names max_allowed_packet port read_only
  server_id sql_mode sql_quote_show_create sql_safe_updates sql_select_limit time_zone timestamp
  wait_timeout

  partial_revokes wsrep_sync_wait

  transaction_read_only tx_read_only
`);

/** The server's tables that the installer reads, with their columns. Old servers have all. */
export const catalogs: Readonly<Record<string, ReadonlySet<string>>> = {
  'information_schema.columns': words(`
    character_set_name collation_name column_default column_key column_name column_type data_type extra is_nullable
    ordinal_position table_name table_schema
  `),
  'information_schema.events': words(`
    definer event_comment event_definition event_name event_schema interval_field interval_value
    last_executed status time_zone
  `),
  'information_schema.plugins': words('plugin_name plugin_status'),
  'information_schema.routines': words(`
    definer is_deterministic routine_comment routine_definition routine_name routine_schema
    routine_type security_type sql_data_access
  `),
  'information_schema.key_column_usage': words(`
    constraint_name referenced_table_name referenced_table_schema table_name table_schema
  `),
  'information_schema.schema_privileges': words('grantee privilege_type table_schema'),
  'information_schema.statistics': words(`
    column_name index_name non_unique seq_in_index sub_part table_name table_schema
  `),
  'information_schema.table_constraints': words(`
    constraint_name constraint_type table_name table_schema
  `),
  'information_schema.tables': words(`
    engine table_comment table_name table_schema table_type
  `),
  'information_schema.triggers': words(`
    action_timing event_manipulation event_object_schema event_object_table trigger_name
  `),
  'information_schema.user_privileges': words('grantee privilege_type'),
  'information_schema.views': words(`
    definer security_type table_name table_schema view_definition
  `),
  'information_schema.parameters': words(`
    character_maximum_length character_set_name data_type ordinal_position parameter_mode
    parameter_name routine_type specific_name specific_schema
  `),
  'information_schema.table_privileges': words('grantee privilege_type table_name table_schema'),
  'mysql.procs_priv': words('db host proc_priv routine_name routine_type user'),
  'mysql.tables_priv': words('column_priv db host table_name table_priv user'),
  'mysql.db': words(`
    alter_priv alter_routine_priv create_routine_priv create_view_priv db delete_priv drop_priv
    event_priv execute_priv grant_priv host insert_priv select_priv trigger_priv update_priv user
  `),
  'mysql.user': words('host user'),
};

/** Combinations of old words that not every supported server understands. */
export const tooNew: ReadonlyArray<readonly [form: RegExp, why: string]> = [
  [/\b(?:PROCEDURE|FUNCTION|TRIGGER) IF NOT EXISTS\b/, 'MySQL 8.0.29'],
  [/\b(?:COLUMN|INDEX|KEY) IF (?:NOT )?EXISTS\b/, 'not in MySQL'],
  [/\bREVOKE IF\b/, 'MySQL 8.0.30, not in MariaDB'],
  [/\bDELETE FROM \S+ AS\b/, 'MySQL 8.0.16'],
  [/\bVALUES \([^)]*\) AS \w+ ON\b/, 'MySQL 8.0.19, not in MariaDB'],
  [/\bAS JSON\b|->/, 'not in MariaDB'],
  [/\bINDEX \S* ?\(\(/, 'MySQL 8.0.13, not in MariaDB'],
  [/\bDEFAULT \(/, 'MySQL 8.0.13'],
];

function words(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/));
}

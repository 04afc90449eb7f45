/** Since when a server has a construct, and the page that says so. */
export interface Support {
  /** A version, or `each` if all supported versions have it. */
  readonly since: string;
  readonly page: string;
}

/** SQL that some servers got only after MariaDB 10.2 or MySQL 5.7, or that only one of them has. */
export interface Construct {
  /** Markdown for the table of docs/servers.md. */
  readonly title: string;
  /** All forms in the SQL. Each must be in use. */
  readonly forms: readonly RegExp[];
  /** `comment` if the server sees only a comment; `none` if it lacks this and needs no other. */
  readonly mariadb: Support | 'comment' | 'none';
  readonly mysql: Support | 'comment' | 'none';
  /** How the package works on a server that lacks this. Such a server stays supported. */
  readonly otherwise?: string;
}

const mariadb = (since: string, page: string): Support => ({
  since,
  page: `https://mariadb.com/kb/en/${page}/`,
});

const mysql = (since: string, page: string): Support => ({
  since,
  page: `https://dev.mysql.com/doc/refman/8.0/en/${page}.html`,
});

const jsonFunctions =
  'ARRAY CONTAINS EXTRACT LENGTH OBJECT QUOTE REMOVE SET TYPE UNQUOTE VALID'.split(' ');

// A form is removed from the SQL before the next ones: those in a comment come first.
export const constructs: readonly Construct[] = [
  {
    title: '`CREATE OR REPLACE PROCEDURE`, `EVENT`',
    forms: [/\/\*M! OR REPLACE \*\//],
    mariadb: mariadb('10.1.4', 'create-procedure'),
    mysql: 'comment',
  },
  {
    title: '`SET STATEMENT … FOR`',
    forms: [/\/\*M! SET STATEMENT \w+ = \d+ FOR \*\//],
    mariadb: mariadb('10.1.2', 'set-statement'),
    mysql: 'comment',
  },
  {
    title: '`check_constraint_checks`',
    forms: [/\/\*M! SET check_constraint_checks = 1; \*\//],
    mariadb: mariadb('10.2.1', 'constraint'),
    mysql: 'comment',
  },
  {
    title: '`IDENTIFIED VIA unix_socket`',
    forms: [/\/\*M! IDENTIFIED VIA unix_socket \*\//],
    mariadb: mariadb('10.4.3', 'authentication-plugin-unix-socket'),
    mysql: 'comment',
  },
  {
    title: '`IDENTIFIED WITH caching_sha2_password AS`',
    forms: [/\/\*!80000 IDENTIFIED WITH caching_sha2_password AS '' \*\//],
    mariadb: 'comment',
    mysql: mysql('8.0.3', 'caching-sha2-pluggable-authentication'),
  },
  {
    title: '`mysql.global_priv`, `JSON_VALUE()`, `JSON_EXISTS()`',
    forms: [
      /\/\*M! global_priv \*\//,
      /\/\*M! JSON_VALUE\(priv, ''\) \*\//,
      /\/\*M! COALESCE\(JSON_VALUE\(priv, ''\) IN \('', ''\), 0\) \*\//,
      /\/\*M! JSON_VALUE\(priv, ''\) = '' AND NOT JSON_EXISTS\(priv, ''\) \*\//,
    ],
    mariadb: mariadb('10.4.1', 'mysqlglobal_priv-table'),
    mysql: 'comment',
  },
  {
    title: '`mysql.user`: `account_locked`, `password_last_changed`',
    forms: [
      /\/\*!80000 user \*\//,
      /\/\*!80000 UNIX_TIMESTAMP\(password_last_changed\) \*\//,
      /\/\*!80000 account_locked = '' \*\//,
      /\/\*!80000 plugin = '' AND authentication_string LIKE '' \*\//,
    ],
    mariadb: 'comment',
    mysql: mysql('5.7.6', 'grant-tables'),
  },
  {
    title: '`tx_read_only`, `transaction_read_only`',
    forms: [
      /\/\*M! OR @@session\.tx_read_only \*\//,
      /\/\*!80000 OR @@session\.transaction_read_only \*\//,
    ],
    mariadb: mariadb('10.0', 'server-system-variables'),
    mysql: mysql('5.7.20', 'server-system-variables'),
  },
  {
    title: '`/*M! … */`, `/*!80000 … */`',
    // The gap is the DROP before a CREATE, which MariaDB replaces.
    forms: [/\/\*M! \+ 1 \*\//, /\/\*!80000 § \*\//, /\/\*!80000 '' \*\//, /\/\*M! '' \*\//],
    mariadb: mariadb('each', 'comment-syntax'),
    mysql: mysql('each', 'comments'),
  },
  {
    title: '`COLLATE` of a column of `JSON_TABLE`',
    forms: [/ COLLATE \w+ PATH ''/],
    mariadb: mariadb('10.6.0', 'json_table'),
    mysql: {
      since: '8.0.14',
      page: 'https://github.com/mysql/mysql-workbench/blob/8.0/library/parsers/grammars/MySQLParser.g4',
    },
  },
  {
    title: '`JSON_TABLE()`: `COLUMNS`, `FOR ORDINALITY`, `PATH`',
    forms: [/\bJSON_TABLE\(/, /\bCOLUMNS \(/, /\bFOR ORDINALITY\b/, /\bPATH ''/],
    mariadb: mariadb('10.6.0', 'json_table'),
    mysql: mysql('8.0.4', 'json-table-functions'),
  },
  {
    title: '`JSON_ARRAYAGG()`',
    forms: [/\bJSON_ARRAYAGG\(/],
    mariadb: mariadb('10.5.0', 'json_arrayagg'),
    mysql: mysql('5.7.22', 'aggregate-functions'),
  },
  {
    title: `\`JSON_…()\`: ${jsonFunctions.join(', ')}`,
    forms: jsonFunctions.map((name) => new RegExp(`\\bJSON_${name}\\(`)),
    mariadb: mariadb('10.2.3', 'json-functions'),
    mysql: mysql('5.7.8', 'json-function-reference'),
  },
  {
    title: 'type `JSON`',
    forms: [/\bJSON\b/],
    mariadb: mariadb('10.2.7', 'json-data-type'),
    mysql: mysql('5.7.8', 'json'),
  },
  {
    title: '`VIRTUAL` columns with an index',
    forms: [/\bVIRTUAL(?: GENERATED)?\b/],
    mariadb: mariadb('10.2.3', 'generated-columns'),
    mysql: mysql('5.7.8', 'create-table-generated-columns'),
  },
  {
    title: '`ALTER INDEX … NOT IGNORED`, `VISIBLE`',
    forms: [/\/\*M! NOT IGNORED \*\//, /\/\*!80000 VISIBLE \*\//],
    mariadb: mariadb('10.6.0', 'ignored-indexes'),
    mysql: mysql('8.0.0', 'invisible-indexes'),
  },
  {
    title: '`information_schema.statistics`: `ignored`, `is_visible`',
    forms: [/\/\*M! ignored = '' \*\//, /\/\*!80000 is_visible = '' \*\//],
    mariadb: mariadb('10.6.0', 'ignored-indexes'),
    mysql: mysql('8.0.0', 'invisible-indexes'),
  },
  {
    title: '`information_schema.check_constraints`: `table_name`',
    forms: [
      /\/\*M! IF\(EXISTS \( SELECT 1 FROM information_schema\.check_constraints .*? \*\//,
      /\/\*M! \) \*\//,
    ],
    mariadb: mariadb('10.2.22', 'information-schema-check_constraints-table'),
    mysql: 'comment',
  },
  {
    title: '`mysql.roles_mapping`, `mysql.role_edges`',
    forms: [
      /\/\*M! CONCAT\(.*? FROM mysql\.roles_mapping \*\//,
      /\/\*!80000 CONCAT\(.*? FROM mysql\.role_edges \*\//,
    ],
    mariadb: mariadb('10.0.5', 'mysqlroles_mapping-table'),
    mysql: mysql('8.0.0', 'grant-tables'),
  },
  {
    title: '`default_regex_flags`',
    forms: [/\/\*M! SET SESSION default_regex_flags = '' \*\//],
    mariadb: mariadb('10.0.11', 'server-system-variables'),
    mysql: 'comment',
  },
  {
    title: '`REGEXP_REPLACE()`',
    forms: [/\bREGEXP_REPLACE\(/],
    mariadb: mariadb('10.0.5', 'regexp_replace'),
    mysql: mysql('8.0.4', 'regexp'),
  },
  {
    title: '`SHOW ALL SLAVES STATUS`',
    forms: [/\bSHOW ALL SLAVES STATUS\b/],
    mariadb: mariadb('10.0', 'show-replica-status'),
    mysql: 'none',
  },
  {
    title: '`SHOW REPLICA STATUS`',
    forms: [/\bSHOW REPLICA STATUS\b/],
    mariadb: 'none',
    mysql: mysql('8.0.22', 'show-replica-status'),
    otherwise: '`doctor` does not know whether the server is a replica, and says so',
  },
  {
    title: '`CHECK` constraints',
    forms: [/\bCHECK\b/],
    mariadb: mariadb('10.2.1', 'constraint'),
    mysql: mysql('8.0.16', 'create-table-check-constraints'),
    otherwise: 'no table has any',
  },
  {
    title: '`ADD COLUMN … VIRTUAL, ALGORITHM = INSTANT`',
    forms: [/\bALGORITHM = INSTANT\b/],
    mariadb: mariadb('10.3.2', 'innodb-online-ddl-operations-with-the-instant-alter-algorithm'),
    mysql: mysql('8.0.12', 'innodb-online-ddl-operations'),
  },
  {
    title: '`ALGORITHM = INPLACE, LOCK = NONE`',
    forms: [/\bALGORITHM = INPLACE, LOCK = NONE\b/],
    mariadb: mariadb('10.0', 'innodb-online-ddl-overview'),
    mysql: mysql('5.6', 'innodb-online-ddl'),
  },
  {
    title: '`DATETIME(3)`, `UTC_TIMESTAMP(3)`',
    forms: [/\bDATETIME\(3\)/, /\bUTC_TIMESTAMP\([36]\)/],
    mariadb: mariadb('5.3', 'microseconds-in-mariadb'),
    mysql: mysql('5.6.4', 'fractional-seconds'),
  },
  {
    title: '`FOR UPDATE SKIP LOCKED`',
    forms: [/\bSKIP LOCKED\b/],
    mariadb: mariadb('10.6.0', 'select'),
    mysql: mysql('8.0.1', 'innodb-locking-reads'),
  },
  {
    title: '`FORCE INDEX`, `USE INDEX`, `STRAIGHT_JOIN`; `DELETE … USING … FORCE INDEX`',
    forms: [
      /\bDELETE FROM (\S+) USING \1 FORCE INDEX\b/,
      /\bFORCE INDEX\b/,
      /\bUSE INDEX\b/,
      /\bSTRAIGHT_JOIN\b/,
    ],
    mariadb: mariadb('each', 'index-hints-how-to-force-query-plans'),
    mysql: mysql('each', 'index-hints'),
  },
  {
    title: '`COMMIT AND NO CHAIN NO RELEASE`',
    forms: [/\bAND NO CHAIN NO RELEASE\b/],
    mariadb: mariadb('each', 'commit'),
    mysql: mysql('each', 'commit'),
  },
  {
    title: '`SIGNAL`, `RESIGNAL`',
    forms: [/\bSIGNAL\b/, /\bRESIGNAL\b/, /\bMESSAGE_TEXT\b/],
    mariadb: mariadb('5.5', 'signal'),
    mysql: mysql('5.5', 'signal'),
  },
  {
    title: '`CREATE USER IF NOT EXISTS`, `DROP USER IF EXISTS`',
    forms: [/\bCREATE USER IF NOT EXISTS\b/, /\bDROP USER IF EXISTS\b/],
    mariadb: mariadb('10.1.3', 'create-user'),
    mysql: mysql('5.7.8', 'create-user'),
  },
  {
    title: '`ALTER USER … ACCOUNT LOCK`',
    forms: [/\bALTER USER\b/, /\bACCOUNT LOCK\b/],
    mariadb: mariadb('10.4.2', 'account-locking'),
    mysql: mysql('5.7.6', 'account-locking'),
  },
  {
    title: '`SHOW CREATE USER`',
    forms: [/\bSHOW CREATE USER\b/],
    mariadb: mariadb('10.2.0', 'show-create-user'),
    mysql: mysql('5.7.6', 'show-create-user'),
  },
  {
    title: '`SHOW GRANTS FOR` an account or a role',
    forms: [/\bSHOW GRANTS FOR\b/],
    mariadb: mariadb('10.0.5', 'show-grants'),
    mysql: mysql('8.0.0', 'show-grants'),
  },
  {
    title: 'privilege `SET_ANY_DEFINER`',
    forms: [/\bSET_ANY_DEFINER\b/, /\bSET_USER_ID\b/],
    mariadb: 'none',
    mysql: mysql('8.2.0', 'privileges-provided'),
    otherwise: 'before, `SET_USER_ID`',
  },
  {
    title: 'privilege `SHOW_ROUTINE`',
    forms: [/\bSHOW_ROUTINE\b/],
    mariadb: 'none',
    mysql: mysql('8.0.20', 'privileges-provided'),
    otherwise: 'before, `SELECT` on `*.*`',
  },
];

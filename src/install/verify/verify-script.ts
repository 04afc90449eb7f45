import { withPrefix } from '../../contract';
import { quoteIdentifier } from '../../util/identifiers';
import { formatCommand } from '../command';
import type { ConnectedConfig } from '../install-config';
import { packageVersion } from '../package-version';
import { refuseOlderPackage } from '../preflight/preflight';
import { sessionSettings } from '../run/connect';
import { definerAccount, formatAccount, quoteAccount } from '../sql/account';
import { runIf } from '../sql/conditional';
import { isCurrentEntry, quoteString } from '../sql/log-statements';
import { markerOf } from '../sql/names';
import { readSqlFile, render } from '../sql/sql-files';
import { statementsOf } from '../sql/statements';
import type { TemplateValues } from '../sql/template';
import { readInstallation } from '../state/installation';
import { otherSettings } from '../state/installed-routine';
import { freshCapabilities } from '../state/server-capabilities';
import { allSteps } from '../steps/all-steps';
import { type DesiredState, resolveDesiredState } from '../steps/desired-state';
import { bodyOf } from '../steps/event-steps';
import type { Step } from '../steps/step';
import { markTable } from '../steps/table-steps';
import { bodyHashes, expectedRoles, expectedRoutines } from './expected-routines';
import { expectedColumns, expectedIndexes } from './expected-table';

/** The files of sql/verify, in the order of their results. */
const checks = ['log', 'table', 'routines', 'definer', 'grants', 'accounts', 'event'];

/** Prints the script for what is installed, with the choices that the log has. Changes nothing. */
export async function printInstalled(config: ConnectedConfig): Promise<string> {
  const installed = await readInstallation(config);
  refuseOlderPackage(installed);
  return formatVerifyScript(resolveDesiredState(config, installed, config.event));
}

/**
 * Formats a script for the `mysql` or `mariadb` client that checks an installation. It prints a row
 * for each finding, and changes nothing.
 */
export function formatVerifyScript(state: DesiredState): string {
  // It compares what later runs keep. It does not expect a repair of the table.
  const desired = { ...state, grants: [], table: undefined, capabilities: freshCapabilities };
  const steps = allSteps(desired);
  const values = checkValues(desired, steps);
  const sections = checks.map((name) => {
    const { comment, sql } = render(readSqlFile(`verify/${name}`), desired, values);
    return `-- ${name}\n${comment}${formatStatements(statementsOf(sql))}`;
  });
  const opening = [
    `USE ${quoteIdentifier(desired.database)}`,
    ...sessionSettings,
    'SET SESSION group_concat_max_len = 1073741824',
    'SET SESSION TRANSACTION READ ONLY',
    "/*M! SET SESSION default_regex_flags = '' */",
    ...expectations(desired, steps),
    ...readLog(desired),
  ];
  return [
    '-- Checks an installation of knex-mysql-session, and changes nothing. Prints a row for each',
    '-- finding: area, subject, expected, found, remedy. Without a row, all is well.',
    formatStatements(opening),
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

function formatStatements(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};`).join('\n');
}

/** Returns the statements that set what the checks compare with. */
function expectations(desired: DesiredState, steps: readonly Step[]): string[] {
  const { names, currentDefiner, every } = desired;
  const own = definerAccount(desired);
  const table = (name: string) =>
    `IF(@@lower_case_table_names = 0, ${quoteString(name)}, LOWER(${quoteString(name)}))`;
  const columns = expectedColumns(desired);
  const logged = steps.map(({ kind, name, label, checksum }) => ({
    kind,
    name,
    label,
    // A later package may create the definer and the event by other SQL. Then it is no difference.
    ...(kind === 'definer' || kind === 'event' ? {} : { checksum }),
  }));
  const variables: ReadonlyArray<[name: string, value: string]> = [
    ['table', table(names.table)],
    ['log_table', table(names.migrationLog)],
    ['marker', quoteString(markerOf(names))],
    ['prefix', quoteString(names.prefix)],
    ['definer', currentDefiner ? 'NULL' : quoteString(own.user)],
    ['definer_name', currentDefiner ? 'NULL' : quoteString(formatAccount(own))],
    ['definer_quoted', currentDefiner ? 'NULL' : quoteString(quoteAccount(own))],
    ['event', quoteString(withPrefix(names.prefix, 'sess_gc'))],
    ['every', every === undefined ? 'NULL' : String(every)],
    // 1 is MySQL, 2 is MariaDB, 3 is a MariaDB that was built without Galera.
    [
      'server',
      '1 /*M! + 1 + (NOT EXISTS (SELECT 1 FROM information_schema.session_variables ' +
        "WHERE variable_name = 'WSREP_SYNC_WAIT')) */",
    ],
    ['steps', formatJson(logged)],
    ['columns', formatJson(columns)],
    ['column_names', formatJson(columns.map(({ name }) => name.toLowerCase()))],
    ['indexes', formatJson(expectedIndexes(desired))],
    ['routines', formatJson(expectedRoutines(desired, steps))],
    ['roles', formatJson(expectedRoles(desired))],
    [
      'has_table',
      'EXISTS (SELECT 1 FROM information_schema.tables ' +
        'WHERE table_schema = DATABASE() AND table_name = @sess_table)',
    ],
  ];
  return variables.map(([name, value]) => `SET @sess_${name} = ${value}`);
}

/** Returns the statements that read the log, if this account may see it. */
function readLog({ names }: DesiredState): string[] {
  const detail = (name: string) => `'${name}', JSON_UNQUOTE(JSON_EXTRACT(details, '$.${name}'))`;
  const read =
    "SELECT JSON_ARRAYAGG(JSON_OBJECT('kind', kind, 'name', name, 'checksum', checksum, " +
    `'version', package_version, ${['role', 'user', 'host'].map(detail).join(', ')})) ` +
    `INTO @sess_log FROM ${quoteIdentifier(names.migrationLog)} WHERE ${isCurrentEntry(names)}`;
  const exists =
    'EXISTS (SELECT 1 FROM information_schema.tables ' +
    'WHERE table_schema = DATABASE() AND table_name = @sess_log_table)';
  return ['SET @sess_log = NULL', ...runIf(exists, read)];
}

function checkValues(desired: DesiredState, steps: readonly Step[]): TemplateValues {
  const { names } = desired;
  const table = quoteIdentifier(names.table);
  const command = (text: string) => quoteString(formatCommand(text, names.flags));
  const event = steps.find(({ kind }) => kind === 'event');
  const [major = 0, minor = 0, patch = 0] = packageVersion().split(/[.-]/).map(Number);
  return {
    migrate: command('migrate'),
    print_again: command('verify'),
    grant: command('grant ACCOUNT --role ROLE'),
    revoke: command('revoke ACCOUNT'),
    mark_table: quoteString(markTable(names)),
    alter_column: quoteString(`ALTER TABLE ${table} MODIFY COLUMN `),
    other_settings: otherSettings,
    event_bodies: (event ? bodyHashes(bodyOf(event)) : ['']).map(quoteString).join(', '),
    version: quoteString(packageVersion()),
    version_number: String(major * 1e12 + minor * 1e6 + patch),
  };
}

/** Formats a JSON list as a string of SQL, with one item a line. */
function formatJson(items: readonly unknown[]): string {
  const lines = items.map((item) => `  ${JSON.stringify(item)}`).join(',\n');
  return quoteString(`[\n${lines}\n]`.replaceAll('\\', '\\\\'));
}

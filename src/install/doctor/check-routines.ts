import type { Row } from '../../database/connection';
import type { ConnectedConfig } from '../install-config';
import { deleteLogEntry } from '../sql/log-statements';
import { isOwnComment, quoteIdentifier } from '../sql/names';
import { comparableBody } from '../sql/statements';
import { routineName } from '../steps/routine-steps';
import type { Step } from '../steps/step';
import { type CheckResult, compare, migrateCommand, unknownResult } from './check-result';
import { type DoctorContext, routineSteps } from './doctor-context';
import { readPrivileges } from './privilege';
import { createScope, hasDatabasePrivilege } from './scope';

const matches = 'matches the package';

/** Checks each routine: its definition, and the session variables that it was created with. */
export async function checkRoutines({ config, steps }: DoctorContext): Promise<CheckResult[]> {
  const rows = await config.connection.query(
    `SELECT routine_name, routine_definition, routine_comment, security_type, is_deterministic, sql_data_access,
       sql_mode, character_set_client, collation_connection, definer,
       @@SESSION.sql_mode, @@SESSION.character_set_client, @@SESSION.collation_connection
     FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'`,
  );
  const found = new Map(rows.map((row) => [String(row[0]), row]));
  const expected = routineSteps(steps);
  const isIncomplete = expected.some((step) => !found.has(routineName(config, step)));
  const mayBeHidden = isIncomplete && !(await canSeeRoutines(config));
  const results: CheckResult[] = [];
  for (const step of expected) {
    const name = routineName(config, step);
    const subject = `routine ${name}`;
    const row = found.get(name);
    if (row) {
      results.push(await checkRoutine(config, step, row));
    } else if (mayBeHidden) {
      results.push(unknownResult(subject, matches, 'not visible to this account'));
    } else {
      results.push(compare(subject, matches, undefined, migrateCommand));
    }
  }
  return results;
}

// information_schema hides routines from an account that has none of these privileges.
async function canSeeRoutines(config: ConnectedConfig): Promise<boolean> {
  const names = ['EXECUTE', 'CREATE ROUTINE', 'ALTER ROUTINE', 'SHOW_ROUTINE'];
  const privileges = await readPrivileges(config.connection);
  return hasDatabasePrivilege(privileges, names, createScope(config, []));
}

async function checkRoutine(config: ConnectedConfig, step: Step, row: Row): Promise<CheckResult> {
  const name = routineName(config, step);
  const subject = `routine ${name}`;
  const comment = String(row[2]);
  if (typeof row[1] !== 'string') {
    return unknownResult(subject, matches, 'its definition is not visible to this account');
  }
  const differences = await findDifferences(config, step, row);
  // Without its log entry, migrate replaces the routine and its grants, in place if possible.
  // It never replaces a routine without the installation's comment: drop that routine first.
  const reset = isOwnComment(config.names, comment)
    ? `${deleteLogEntry(config, step)};`
    : `DROP PROCEDURE ${quoteIdentifier(name)};`;
  const found = differences.length === 0 ? matches : differences.join(', ');
  return compare(subject, matches, found, reset, migrateCommand);
}

async function findDifferences(config: ConnectedConfig, step: Step, row: Row): Promise<string[]> {
  const [, body, comment, security, deterministic, access, mode, charset, collation, definer] = row;
  const [sessionMode, sessionCharset, sessionCollation] = row.slice(10);
  const expected = parseDefinition(step);
  const [foundBody, expectedBody] = [String(body), expected.body].map((text) =>
    comparableBody(text, config.capabilities),
  );
  const hasSameParameters = await hasParameters(
    config,
    routineName(config, step),
    expected.parameters,
  );
  const comparisons: Array<[isEqual: boolean, difference: string]> = [
    [foundBody === expectedBody, 'different body'],
    [hasSameParameters, 'different parameters'],
    [comment === expected.comment, 'different comment'],
    [security === 'DEFINER', `SQL SECURITY ${security}`],
    [
      deterministic === expected.deterministic,
      deterministic === 'YES' ? 'DETERMINISTIC' : 'NOT DETERMINISTIC',
    ],
    [access === expected.access, String(access)],
    [mode === sessionMode, `sql_mode ${mode}`],
    [charset === sessionCharset, `character_set_client ${charset}`],
    [collation === sessionCollation, `collation_connection ${collation}`],
    [config.currentDefiner || definer === `${config.definer}@localhost`, `definer ${definer}`],
  ];
  return comparisons.flatMap(([isEqual, difference]) => (isEqual ? [] : [difference]));
}

async function hasParameters(
  { connection }: ConnectedConfig,
  name: string,
  parameters: string,
): Promise<boolean> {
  const [row] = await connection.query(`SHOW CREATE PROCEDURE ${quoteIdentifier(name)}`);
  return String(row?.[2]).includes(` PROCEDURE ${quoteIdentifier(name)}(${parameters})\n`);
}

/** The parts of a CREATE PROCEDURE, as information_schema reports them. */
interface RoutineDefinition {
  readonly parameters: string;
  readonly comment: string;
  readonly deterministic: 'YES' | 'NO';
  readonly access: string;
  readonly body: string;
}

const createPattern =
  /PROCEDURE `[^`]+` \((?<parameters>.*?)\)\nCOMMENT '(?<comment>(?:[^']|'')*)'\nLANGUAGE SQL\n(?<not>NOT )?DETERMINISTIC\n(?<access>.+)\nSQL SECURITY DEFINER\n(?<body>.+)$/s;

// All files in sql/routines have this layout.
function parseDefinition({ label, up }: Step): RoutineDefinition {
  const create = up.find((statement) => statement.startsWith('CREATE ')) ?? '';
  const { parameters, comment, not, access, body } = createPattern.exec(create)?.groups ?? {};
  if (
    parameters === undefined ||
    comment === undefined ||
    access === undefined ||
    body === undefined
  ) {
    throw new Error(`${label} does not have the layout of a routine file`);
  }
  return {
    parameters,
    comment: comment.replaceAll("''", "'"),
    deterministic: not === undefined ? 'YES' : 'NO',
    access,
    body,
  };
}

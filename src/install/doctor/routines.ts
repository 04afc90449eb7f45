import type { Row } from '../../rows';
import { isManualOf } from '../inspect';
import { forgetStatement } from '../log-statements';
import { quoteIdentifier } from '../names';
import { comparableBody } from '../sql-files';
import { routineName, type Step } from '../steps';
import type { ConnectedTarget } from '../target';
import { compare, note, type Observation, type Patient } from './check';
import { holdsThroughout, premisesOf, rightsOf } from './rights';

const whole = 'as in the package';

/** Every routine of the package: its text, its characteristics, and what it was created with. */
export async function examineRoutines({ target, steps }: Patient): Promise<Observation[]> {
  const rows = await target.connection.query(
    `SELECT routine_name, routine_definition, routine_comment, security_type, is_deterministic, sql_data_access,
       sql_mode, character_set_client, collation_connection, definer,
       @@SESSION.sql_mode, @@SESSION.character_set_client, @@SESSION.collation_connection
     FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'`,
  );
  const found = new Map(rows.map((row) => [String(row[0]), row]));
  const wanted = steps.filter(({ kind }) => kind === 'routine');
  const hidden = wanted.some((step) => !found.has(routineName(target, step))) && !(await seesAll(target));
  const observations: Observation[] = [];
  for (const step of wanted) {
    const row = found.get(routineName(target, step));
    observations.push(row || !hidden ? await examineRoutine(target, step, row) : unseen(target, step));
  }
  return observations;
}

async function examineRoutine(
  target: ConnectedTarget,
  step: Step,
  row: Row | undefined,
): Promise<Observation> {
  const name = routineName(target, step);
  const subject = `routine ${name}`;
  if (row === undefined) {
    return compare(subject, whole, undefined, 'knex-mysql-session migrate');
  }
  const [, body, manual, security, deterministic, access, mode, charset, collation, definer] = row;
  const [sessionMode, sessionCharset, sessionCollation] = row.slice(10);
  if (typeof body !== 'string') {
    return { ...note(subject, whole, 'a text that this account may not read'), state: 'unknown' };
  }
  const text = partsOf(step);
  const [inPlace, wanted] = [body, text.body].map((one) => comparableBody(one, target.capabilities));
  const sameText = inPlace === wanted && (await hasParameters(target, name, text.parameters));
  const differences = [
    [sameText, 'another text'],
    [manual === text.manual, 'another manual'],
    [security === 'DEFINER', `SQL SECURITY ${security}`],
    [deterministic === text.deterministic, `deterministic: ${deterministic}`],
    [access === text.access, access],
    [mode === sessionMode, `sql_mode ${mode}`],
    [charset === sessionCharset, `character set ${charset}`],
    [collation === sessionCollation, `collation ${collation}`],
    [target.currentDefiner || definer === `${target.definer}@localhost`, `definer ${definer}`],
  ].flatMap(([agrees, difference]) => (agrees ? [] : [String(difference)]));
  return compare(
    subject,
    whole,
    differences.length === 0 ? whole : differences.join(', '),
    // Forgotten, it is put in place again: in one go where the server can, with its grants. One that does
    // not say whose it is would be left alone.
    isManualOf(target.names, String(manual))
      ? `${forgetStatement(target, step.name)};`
      : `DROP PROCEDURE ${quoteIdentifier(name)};`,
    'knex-mysql-session migrate',
  );
}

// To an account without any of these rights, the catalogue hides what is there.
async function seesAll(target: ConnectedTarget): Promise<boolean> {
  const showing = ['EXECUTE', 'CREATE ROUTINE', 'ALTER ROUTINE', 'SHOW_ROUTINE'];
  return holdsThroughout(await rightsOf(target.connection), showing, premisesOf(target, []));
}

function unseen(target: ConnectedTarget, step: Step): Observation {
  const subject = `routine ${routineName(target, step)}`;
  return { ...note(subject, whole, 'none that this account may see'), state: 'unknown' };
}

async function hasParameters(
  { connection }: ConnectedTarget,
  name: string,
  parameters: string,
): Promise<boolean> {
  const [row] = await connection.query(`SHOW CREATE PROCEDURE ${quoteIdentifier(name)}`);
  return String(row?.[2]).includes(` PROCEDURE ${quoteIdentifier(name)}(${parameters})\n`);
}

interface Parts {
  readonly parameters: string;
  readonly manual: string;
  readonly deterministic: 'YES' | 'NO';
  readonly access: string;
  readonly body: string;
}

const form =
  /PROCEDURE `[^`]+` \((?<parameters>.*?)\)\nCOMMENT '(?<manual>(?:[^']|'')*)'\nLANGUAGE SQL\n(?<not>NOT )?DETERMINISTIC\n(?<access>.+)\nSQL SECURITY DEFINER\n(?<body>.+)$/s;

// The files of the routines are all of one form, so that they can be held against the catalogue.
function partsOf({ name, up }: Step): Parts {
  const create = up.find((statement) => statement.startsWith('CREATE ')) ?? '';
  const { parameters, manual, not, access, body } = form.exec(create)?.groups ?? {};
  if (parameters === undefined || manual === undefined || access === undefined || body === undefined) {
    throw new Error(`${name} does not have the form of a routine's file`);
  }
  return {
    parameters,
    manual: manual.replaceAll("''", "'"),
    deterministic: not === undefined ? 'YES' : 'NO',
    access,
    body,
  };
}

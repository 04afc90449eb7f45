import test, { type ExecutionContext } from 'ava';
import { DatabaseError } from '../../../src/errors';
import {
  addAttribute,
  type Check,
  type Diagnosis,
  doctor,
  dropAttribute,
  grant,
  install,
  type Role,
  revoke,
} from '../../../src/install';
import type { TestDatabase } from '../../support/database';
import { isFullRun } from '../../support/scale';
import { createInstallation, type TestInstallation } from '../installation';

/** Formats each finding as one line: area, subject, and what was found. */
export function formatFindings({ checks }: Diagnosis): string[] {
  return checks
    .filter(({ state }) => state === 'finding')
    .map(({ area, subject, found }) => `${area}: ${subject}: ${found}`);
}

type Remedy = 'remedy' | 'alternative';

/** Returns the steps that repair all findings, in order. */
function stepsOf({ checks }: Diagnosis, kind: Remedy): string[] {
  const findings = checks.filter(({ state }: Check) => state === 'finding');
  return findings.flatMap((finding) => finding[kind] ?? finding.remedy);
}

/** Applies the remedies of all findings, in order. */
export async function applyRemedies(database: TestDatabase, diagnosis: Diagnosis): Promise<void> {
  for (const remedy of stepsOf(diagnosis, 'remedy')) {
    await applyRemedy(database, remedy);
  }
}

async function applyRemedy({ name, url, query }: TestDatabase, text: string): Promise<void> {
  // For an application's account, the commands name the database.
  const remedy = text.replace(/^npx (.*) --database (\S+)$/, (_, command, database) =>
    database === name ? command : text,
  );
  const [, revoked, revokedRole] =
    /^knex-mysql-session revoke (\S+)(?: --role (\w+))?$/.exec(remedy) ?? [];
  const [, account, role] = /^knex-mysql-session grant (\S+) --role (\w+)$/.exec(remedy) ?? [];
  const [, dropped] = /^knex-mysql-session attribute drop (\w+)$/.exec(remedy) ?? [];
  const [, attribute = '', path = '', type = ''] =
    /^knex-mysql-session attribute add (\w+) --path '(.+)' --type '(.+)'$/.exec(remedy) ?? [];
  if (/^# |^knex-mysql-session doctor --trust /.test(remedy)) {
    // It changes nothing here: the next check trusts the account.
  } else if (remedy.endsWith(';')) {
    await query(remedy.slice(0, -1));
  } else if (remedy === 'knex-mysql-session migrate') {
    await install({ connection: url });
  } else if (remedy === 'knex-mysql-session migrate --no-event') {
    await install({ connection: url, event: false });
  } else if (remedy === 'knex-mysql-session gc') {
    await query('CALL sess_gc(1000)');
  } else if (revoked !== undefined) {
    await revoke({ connection: url }, revoked, revokedRole as Role | undefined);
  } else if (dropped !== undefined) {
    await dropAttribute({ connection: url }, dropped);
  } else if (attribute !== '') {
    await addAttribute({ connection: url }, { name: attribute, path, type });
  } else if (account !== undefined) {
    await grant({ connection: url }, account, role as Role);
  } else {
    throw new Error(`The tests can't apply this remedy: ${remedy}`);
  }
}

/** Asserts that doctor has exactly these findings, and none after their remedies. */
export async function assertFoundAndFixed(
  t: ExecutionContext,
  database: TestDatabase,
  expected: readonly string[],
): Promise<void> {
  const diagnosis = await doctor({ connection: database.url });
  t.deepEqual(formatFindings(diagnosis), expected);
  await applyRemedies(database, diagnosis);
  t.deepEqual(formatFindings(await doctor({ connection: database.url })), []);
}

/** Names that findings contain. */
export interface FindingNames {
  readonly database: string;
  readonly definer: string;
  readonly app: string;
}

interface FaultOptions {
  /** Whether the application can't work until the remedy. @default false */
  readonly stops?: boolean;
  /** The repairs that leave the application without its account. @default none */
  readonly ends?: readonly Remedy[];
  readonly create?: (t: ExecutionContext) => Promise<TestInstallation>;
}

/**
 * Declares a test that breaks one thing, expects exactly these findings, and applies their remedies
 * in order. The application must work all along, unless the fault itself stops it. If findings have
 * an alternative, a full run breaks another installation the same way, and applies that. Such tests
 * run serially, because together they would use up the server's connections.
 *
 * @param fault the title's subject: `A missing routine`
 */
export function testRemedy(
  fault: string,
  breakInstallation: (installation: TestInstallation) => Promise<unknown>,
  expectedFindings: (names: FindingNames) => string[],
  {
    stops = false,
    ends = [],
    create = (t) => createInstallation(t, ['application']),
  }: FaultOptions = {},
): void {
  test.serial(`${fault} is found, and the remedy fixes it.`, async (t) => {
    const repair = async (kind: Remedy) => {
      const installation = await create(t);
      const { name, account, url } = installation;
      const names = { database: name, definer: `'${name}.sess_'@'localhost'`, app: account.name };
      const options = { connection: url, trust: [] as string[] };
      await breakInstallation(installation);
      t.is(await works(installation), !stops, 'the application works in spite of the fault');
      const diagnosis = await doctor(options);
      const found = formatFindings(diagnosis).map(withoutValues);
      t.deepEqual(found, expectedFindings(names));
      for (const step of stepsOf(diagnosis, kind)) {
        await applyRemedy(installation, step);
        const [, trusted] = / doctor --trust (\S+)$/.exec(step) ?? [];
        options.trust.push(...(trusted === undefined ? [] : [trusted]));
        const mayStop = stops || ends.includes(kind);
        t.true(mayStop || (await works(installation)), `the application works after ${step}`);
      }
      t.deepEqual(formatFindings(await doctor(options)), []);
      t.is(await works(installation), !ends.includes(kind), 'the application works afterwards');
      return diagnosis;
    };
    const { checks } = await repair('remedy');
    if (isFullRun && checks.some(({ alternative }) => alternative)) {
      await repair('alternative');
    }
  });
}

// The defaults of a connection differ between servers.
const withoutValues = (finding: string) =>
  finding.replace(/\b(sql_mode|collation_connection) [A-Za-z0-9_,]+(?=, |$)/g, '$1');

/** Returns whether the application can save, read and end a session. */
async function works({ ask }: TestInstallation): Promise<boolean> {
  try {
    await ask("CALL sess_set('probe', '{}', 60000)");
    const found = await ask("CALL sess_get('probe')");
    await ask("CALL sess_destroy('probe')");
    return found.length > 0;
  } catch (error) {
    if (error instanceof DatabaseError) return false;
    throw error;
  }
}

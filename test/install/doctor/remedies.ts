import test, { type ExecutionContext } from 'ava';
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
import { createInstallation, type TestInstallation } from '../installation';

/** Formats each finding as one line: area, subject, and what was found. */
export function formatFindings({ checks }: Diagnosis): string[] {
  return checks
    .filter(({ state }) => state === 'finding')
    .map(({ area, subject, found }) => `${area}: ${subject}: ${found}`);
}

/** Applies the remedies of all findings, in order. */
export async function applyRemedies(database: TestDatabase, { checks }: Diagnosis): Promise<void> {
  const findings = checks.filter(({ state }: Check) => state === 'finding');
  for (const remedy of findings.flatMap((finding) => finding.remedy)) {
    await applyRemedy(database, remedy);
  }
}

async function applyRemedy({ url, query }: TestDatabase, remedy: string): Promise<void> {
  const [, revoked, revokedRole] =
    /^knex-mysql-session revoke (\S+)(?: --role (\w+))?$/.exec(remedy) ?? [];
  const [, account, role] = /^knex-mysql-session grant (\S+) --role (\w+)$/.exec(remedy) ?? [];
  const [, dropped] = /^knex-mysql-session attribute drop (\w+)$/.exec(remedy) ?? [];
  const [, name = '', path = '', type = ''] =
    /^knex-mysql-session attribute add (\w+) --path '(.+)' --type '(.+)'$/.exec(remedy) ?? [];
  if (remedy.endsWith(';')) {
    await query(remedy.slice(0, -1));
  } else if (remedy === 'knex-mysql-session migrate') {
    await install({ connection: url });
  } else if (remedy === 'knex-mysql-session gc') {
    await query('CALL sess_gc(1000)');
  } else if (revoked !== undefined) {
    await revoke({ connection: url }, revoked, revokedRole as Role | undefined);
  } else if (dropped !== undefined) {
    await dropAttribute({ connection: url }, dropped);
  } else if (name !== '') {
    await addAttribute({ connection: url }, { name, path, type });
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

/**
 * Declares a test that breaks one thing, expects these findings, and applies their remedies. Such
 * tests run serially, because together they would use up the server's connections.
 *
 * @param fault the title's subject: `A missing routine`
 */
export function testRemedy(
  fault: string,
  breakInstallation: (installation: TestInstallation) => Promise<unknown>,
  expectedFindings: (names: FindingNames) => string[],
  create = (t: ExecutionContext) => createInstallation(t, ['application']),
): void {
  test.serial(`${fault} is found, and the remedy fixes it.`, async (t) => {
    const installation = await create(t);
    await breakInstallation(installation);
    const { name, account } = installation;
    const names = { database: name, definer: `'${name}.sess_'@'localhost'`, app: account.name };
    await assertFoundAndFixed(t, installation, expectedFindings(names));
  });
}

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
} from '../../../src/install';
import type { TestDatabase } from '../../database';
import { createInstallation, type TestInstallation } from '../installation';

/** What a diagnosis found wrong, in one line each. */
export function findingsOf({ checks }: Diagnosis): string[] {
  return checks
    .filter(({ state }) => state === 'finding')
    .map(({ area, subject, found }) => `${area}: ${subject}: ${found}`);
}

/** Does what the findings advise, in their order. */
export async function applyRemedies(database: TestDatabase, { checks }: Diagnosis): Promise<void> {
  for (const step of checks.flatMap(({ state, remedy }: Check) => (state === 'finding' ? remedy : []))) {
    await apply(database, step);
  }
}

async function apply({ url, query }: TestDatabase, step: string): Promise<void> {
  const [, account, role] = /^knex-mysql-session grant (\S+) --role (\w+)$/.exec(step) ?? [];
  const [, dropped] = /^knex-mysql-session attribute drop (\w+)$/.exec(step) ?? [];
  const [, name = '', path = '', type = ''] =
    /^knex-mysql-session attribute add (\w+) --path '(.+)' --type '(.+)'$/.exec(step) ?? [];
  if (step.endsWith(';')) {
    await query(step.slice(0, -1));
  } else if (step === 'knex-mysql-session migrate') {
    await install({ connection: url });
  } else if (step === 'knex-mysql-session gc') {
    await query('CALL sess_gc(1000)');
  } else if (dropped !== undefined) {
    await dropAttribute({ connection: url }, dropped);
  } else if (name !== '') {
    await addAttribute({ connection: url }, { name, path, type });
  } else if (account !== undefined) {
    await grant({ connection: url }, account, role as Role);
  } else {
    throw new Error(`No remedy that a test could apply: ${step}`);
  }
}

/** Asserts that a diagnosis has these findings and no others, and nothing is found once their remedies were applied. */
export async function foundAndMended(
  t: ExecutionContext,
  database: TestDatabase,
  expected: readonly string[],
): Promise<void> {
  const diagnosis = await doctor({ connection: database.url });
  t.deepEqual(findingsOf(diagnosis), expected);
  await applyRemedies(database, diagnosis);
  t.deepEqual(findingsOf(await doctor({ connection: database.url })), []);
}

/** How the accounts of a test are called in what was found. */
export interface AccountNames {
  readonly database: string;
  readonly definer: string;
  readonly app: string;
}

/**
 * Declares a test that breaks one thing. What is found is told as area, subject and what stands there. One test
 * after the other: together they would take all connections that a server has by default.
 */
export function breaking(
  title: string,
  breakIt: (installation: TestInstallation) => Promise<unknown>,
  finds: (names: AccountNames) => string[],
  create = (t: ExecutionContext) => createInstallation(t, ['application']),
): void {
  test.serial(`${title} is found, and the remedy mends it.`, async (t) => {
    const installation = await create(t);
    await breakIt(installation);
    const { name, account } = installation;
    const names = { database: name, definer: `'${name}.sess_'@'localhost'`, app: account.name };
    await foundAndMended(t, installation, finds(names));
  });
}

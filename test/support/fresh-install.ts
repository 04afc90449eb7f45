import { createConnection } from 'mysql2/promise';
import { withPrefix } from '../../src/contract';
import type { Naming, Role } from '../../src/install';
import { describeChange } from '../../src/install/run/planned-change';
import { formatScript } from '../../src/install/run/script';
import { parseAccount } from '../../src/install/sql/account';
import { definerName, resolveNames } from '../../src/install/sql/names';
import { freshCapabilities } from '../../src/install/state/server-capabilities';
import { allSteps } from '../../src/install/steps/all-steps';
import { resolveFreshState } from '../../src/install/steps/desired-state';
import { routinesOfRole } from '../../src/install/steps/roles';
import { splitScript } from './client';
import type { TestAccount, TestDatabase } from './database';

/** Whether the body of a routine is no plain block. MySQL stores it with a semicolon of a batch. */
const isSimpleRoutine = (statement: string) =>
  /^\s*CREATE .*PROCEDURE/.test(statement) && !/^BEGIN$/m.test(statement);

/** Joins statements that can share a round trip. */
function batchesOf(statements: readonly string[]): string[] {
  const batches: string[][] = [[]];
  for (const statement of statements) {
    if (isSimpleRoutine(statement)) batches.push([statement], []);
    else batches.at(-1)?.push(statement);
  }
  return batches.filter(({ length }) => length > 0).map((batch) => batch.join(';\n'));
}

/**
 * Installs into a new database, and grants roles to a new account. It sends the statements of a
 * plan in few round trips: the installer takes several times as long, and has its own tests.
 */
export async function installFresh(
  { name, url, createAccount }: TestDatabase,
  roles: readonly Role[],
  naming: Naming = {},
): Promise<TestAccount> {
  const account = await createAccount();
  const names = resolveNames(naming);
  const config = {
    database: name,
    names,
    definer: definerName(name, names),
    currentDefiner: false,
    // A new database has no routine to drop.
    capabilities: { ...freshCapabilities, replacesRoutines: true },
  };
  const grants = roles.map((role) => ({
    role,
    account: parseAccount(account.name),
    credential: undefined,
    lost: routinesOfRole(role, []).map((routine) => withPrefix(names.prefix, routine)),
    revoked: [],
  }));
  const script = formatScript(
    describeChange(config, allSteps({ ...resolveFreshState(config), grants })),
  );
  const connection = await createConnection({ uri: url, multipleStatements: true });
  try {
    for (const batch of batchesOf(splitScript(script))) {
      await connection.query(batch);
    }
  } finally {
    await connection.end();
  }
  return account;
}

import type { ExecutionContext } from 'ava';
import { grant, install, type Naming, type Role } from '../../src/install';
import { createDatabase, openDatabase, type TestAccount, type TestDatabase } from '../database';

/** An installation, and an account that may do nothing but what its roles allow. */
export interface TestInstallation extends TestDatabase {
  readonly account: TestAccount;
  /** Asks as the account. */
  readonly ask: TestDatabase['query'];
}

export async function createInstallation(
  t: ExecutionContext,
  roles: readonly Role[] = ['application', 'operator'],
  naming: Naming = {},
): Promise<TestInstallation> {
  const database = await createDatabase(t);
  await install({ connection: database.url, ...naming });
  const account = await database.createAccount();
  for (const role of roles) {
    await grant({ connection: database.url, ...naming }, account.name, role);
  }
  const pool = openDatabase(t, account.url);
  return {
    ...database,
    account,
    ask: (sql, parameters) => pool.query(sql, parameters),
  };
}

/** Writes a session as a routine never would: with an end of the test's own choice, in seconds from now. */
export async function writeSession(database: TestDatabase, sid: string, seconds: number): Promise<void> {
  await database.query(
    `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
     VALUES (?, '{}', UTC_TIMESTAMP(3) + INTERVAL ? SECOND, UTC_TIMESTAMP(3) - INTERVAL 1 DAY, UTC_TIMESTAMP(3))`,
    [sid, seconds],
  );
}

/** The ids in the table, live or not. */
export async function ids(database: TestDatabase): Promise<string[]> {
  const rows = await database.query('SELECT sid FROM sessions ORDER BY sid');
  return rows.map(([sid]) => String(sid));
}

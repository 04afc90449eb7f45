import { install, type Naming, type Role } from '../../src/install';
import { openDatabase, type TestAccount, type TestDatabase } from '../support/database';
import { reuseInstallation } from '../support/reused-installation';
import type { Scope } from '../support/scope';
import { waitUntil } from '../support/wait-until';

/** An installation, and an account that has only its roles. */
export interface TestInstallation extends TestDatabase {
  readonly account: TestAccount;
  /** Queries as the account. */
  readonly ask: TestDatabase['query'];
}

export async function createInstallation(
  scope: Scope,
  roles: readonly Role[] = ['application', 'operator'],
  naming: Naming = {},
): Promise<TestInstallation> {
  const database = await reuseInstallation(scope, roles, naming);
  const pool = openDatabase(scope, database.account.url);
  const ask: TestDatabase['query'] = (sql, parameters) => pool.query(sql, parameters);
  return Object.assign(database, { ask });
}

export async function createInstallationWithEvent(scope: Scope): Promise<TestInstallation> {
  const installation = await createInstallation(scope, ['application']);
  await install({ connection: installation.url, event: { every: 3_600 } });
  return installation;
}

/** Writes a session with an expiry time that a routine may refuse, in seconds from now. */
export async function writeSession(
  database: TestDatabase,
  sid: string,
  seconds: number,
): Promise<void> {
  await database.query(
    `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
     VALUES (?, '{}', UTC_TIMESTAMP(3) + INTERVAL ? SECOND, UTC_TIMESTAMP(3) - INTERVAL 1 DAY, UTC_TIMESTAMP(3))`,
    [sid, seconds],
  );
}

/** Returns all ids in the table, those of expired sessions too. */
export async function ids(database: TestDatabase): Promise<string[]> {
  const rows = await database.query('SELECT sid FROM sessions ORDER BY sid');
  return rows.map(([sid]) => String(sid));
}

/**
 * Disables the event of a new installation. MySQL enables an event again if it is disabled while it
 * starts. So this function waits for the first run, if the scheduler is on.
 */
export async function disableEvent({ query }: TestDatabase): Promise<void> {
  await waitUntil(async () => {
    const rows = await query(
      `SELECT 1 FROM information_schema.events WHERE event_schema = DATABASE() AND event_name = 'sess_gc'
       AND (last_executed IS NOT NULL OR @@GLOBAL.event_scheduler <> 'ON')`,
    );
    return rows.length > 0;
  });
  await query('ALTER EVENT sess_gc DISABLE');
}

/** Waits for another second of the server: it knows the creation of a routine to the second. */
export async function nextSecond({ query }: TestDatabase): Promise<void> {
  const now = async () => String((await query('SELECT UNIX_TIMESTAMP()'))[0]);
  const start = await now();
  await waitUntil(async () => (await now()) !== start);
}

import test, { type ExecutionContext } from 'ava';
import type { SessionData } from 'express-session';
import { DatabaseError, type MySQLSessionStore } from '../../src';
import { errno } from '../../src/database/error-codes';
import type { SessionOptions } from '../../src/options/store-options';
import { connectionIds, lockWaits } from '../support/connections';
import { openDatabase } from '../support/database';
import {
  createInstallation,
  createPooledStore,
  openStore,
  type PooledStore,
  session,
  type TestInstallation,
} from '../support/store';
import { loadVisit, saveNewSession } from '../support/visit';
import { waitUntil } from '../support/wait-until';

/** Runs a task while another connection holds the row locks of all sessions. */
async function withLockedRows(
  t: ExecutionContext,
  { url }: TestInstallation,
  task: () => Promise<void>,
): Promise<void> {
  await openDatabase(t, url).withConnection(async ({ query }) => {
    await query('START TRANSACTION');
    await query('SELECT sid FROM sessions FOR UPDATE');
    await task();
    await query('COMMIT');
  });
}

/** Ends the statement that waits for a lock, and keeps its connection. */
async function killWaitingQuery({ query, name }: TestInstallation): Promise<void> {
  let waiting: number[] = [];
  await waitUntil(async () => {
    waiting = await lockWaits({ query, name });
    return waiting.length === 1;
  });
  await query(`KILL QUERY ${waiting[0]}`);
}

/** Calls that wait for the row of a session. */
const waitingCalls: Record<string, (store: MySQLSessionStore, sid: string) => Promise<unknown>> = {
  'a save of several keys': async (store, sid) => {
    const visit = await loadVisit(store, sid);
    Object.assign(visit.session, { value: 'killed', other: 1 });
    await visit.save();
  },
  'a touch': async (store, sid) => (await loadVisit(store, sid)).touch(),
  'a destroy': async (store, sid) => store.destroy(sid),
};

for (const [what, call] of Object.entries(waitingCalls)) {
  test(`After KILL QUERY ended ${what}, later calls of the same pool are stored.`, async (t) => {
    const installation = await createPooledStore(t, { touchAfter: 0 });
    const { store, query } = installation;
    const sid = await saveNewSession(store, { value: 'before' });
    const before = await connectionIds(installation);
    await withLockedRows(t, installation, async () => {
      const failing = t.throwsAsync(call(store, sid), { instanceOf: DatabaseError });
      await killWaitingQuery(installation);
      t.is((await failing)?.errno, errno.queryInterrupted);
    });
    await store.set('later', session('stored'));
    await store.destroy(sid);
    t.deepEqual(await query('SELECT sid FROM sessions'), [['later']]);
    t.notDeepEqual(await connectionIds(installation), before);
  });
}

type FailingCall = (installation: PooledStore, t: ExecutionContext) => Promise<unknown>;

/** Calls that fail, each with the numbers of its error: the servers may differ. */
const cleanFailures: Record<
  string,
  [numbers: number[], call: FailingCall, options?: SessionOptions<SessionData>]
> = {
  'a lock that others keep': [
    [errno.lockWaitTimeout],
    async (installation, t) => {
      const { store, pool } = installation;
      const sid = await saveNewSession(store, { value: 'before' });
      const visit = await loadVisit(store, sid);
      Object.assign(visit.session, { value: 'late', other: 1 });
      await pool.raw('SET SESSION innodb_lock_wait_timeout = 1');
      let outcome: unknown;
      await withLockedRows(t, installation, async () => {
        outcome = await visit.save().catch((error) => error);
      });
      throw outcome;
    },
  ],
  'a deadlock': [[errno.deadlock], deadlock],
  'a routine that refuses its arguments': [
    [errno.signal],
    ({ store, query }) => refusedMerge(store, query),
  ],
  'a table that is missing': [
    [errno.noSuchTable],
    async ({ store, query }) => {
      await query('RENAME TABLE sessions TO elsewhere');
      return store.destroy('sid').finally(() => query('RENAME TABLE elsewhere TO sessions'));
    },
  ],
  'a right that the definer lost': [
    [errno.tableDenied],
    async ({ store, query, name }) => {
      const definer = `\`${name}.sess_\`@localhost`;
      await query(`REVOKE DELETE ON sessions FROM ${definer}`);
      return store.destroy('sid').finally(() => query(`GRANT DELETE ON sessions TO ${definer}`));
    },
  ],
  'a routine that is missing': [
    [errno.noSuchRoutine, errno.routineDenied],
    async ({ store, query }) => {
      await query('DROP PROCEDURE sess_destroy');
      return store.destroy('sid');
    },
  ],
  'a right that the application lost': [
    [errno.routineDenied, errno.databaseDenied],
    async ({ store, query, accountUrl }) => {
      const user = decodeURIComponent(new URL(accountUrl).username);
      await query(`REVOKE EXECUTE ON PROCEDURE sess_destroy FROM \`${user}\`@'%'`);
      return store.destroy('sid');
    },
  ],
  'a definer that is missing': [
    [errno.noSuchDefiner],
    async ({ store, query, name }) => {
      const definer = `\`${name}.sess_\`@localhost`;
      await query(`RENAME USER ${definer} TO \`${name}.gone\`@localhost`);
      return store
        .destroy('sid')
        .finally(() => query(`RENAME USER \`${name}.gone\`@localhost TO ${definer}`));
    },
  ],
  'text that is no JSON': [
    [errno.constraintFailed, errno.invalidJson],
    ({ store }) => store.set('bad', session('bad')),
    {
      serializer: {
        parse: JSON.parse,
        stringify: (value: SessionData) => (value.value === 'bad' ? '{no' : JSON.stringify(value)),
      },
    },
  ],
};

/** Deletes all sessions while another transaction locks them in the other order. */
async function deadlock(installation: PooledStore, t: ExecutionContext): Promise<void> {
  const { store, query, url } = installation;
  const [first, second] = [await saveNewSession(store), await saveNewSession(store)].sort();
  // The server ends the transaction that has changed less.
  await query('CREATE TABLE ballast (id INT PRIMARY KEY)');
  let outcome: unknown;
  await openDatabase(t, url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    const numbers = Array.from({ length: 100 }, (_, n) => `(${n})`).join();
    await other.query(`INSERT INTO ballast VALUES ${numbers}`);
    await other.query('SELECT sid FROM sessions WHERE sid = ? FOR UPDATE', [String(second)]);
    const clearing = store.clear().catch((error) => error);
    await waitUntil(async () => (await lockWaits(installation)).length === 1);
    await other.query('SELECT sid FROM sessions WHERE sid = ? FOR UPDATE', [String(first)]);
    outcome = await clearing;
    await other.query('ROLLBACK');
  });
  throw outcome;
}

/** Saves a change of a row that is no JSON object any more. */
async function refusedMerge(
  store: MySQLSessionStore,
  query: TestInstallation['query'],
): Promise<void> {
  const sid = await saveNewSession(store, { value: 'before' });
  const visit = await loadVisit(store, sid);
  await query("UPDATE sessions SET sess = '[]'");
  visit.session.value = 'after';
  await visit.save();
}

for (const [what, [numbers, call, options]] of Object.entries(cleanFailures)) {
  test(`After ${what}, the same connection serves the next call.`, async (t) => {
    // With one attempt, the store does not retry the error.
    const installation = await createPooledStore(t, { retryBudget: 0, ...options });
    const { store, query } = installation;
    await store.ready();
    const before = await connectionIds(installation);
    const error = await t.throwsAsync(async () => call(installation, t), { any: true });
    const { errno: number, cause } = Object(error);
    t.true(numbers.includes(number ?? Object(cause).errno), String(error));
    await store.set('later', session('stored'));
    t.deepEqual(await query("SELECT sid FROM sessions WHERE sid = 'later'"), [['later']]);
    t.deepEqual(await connectionIds(installation), before);
  });
}

// On MySQL, KILL QUERY between two statements ends a routine in this way, without an error.
for (const [routine, parameters, call] of [
  ['sess_get', 'IN a LONGBLOB', (store) => store.get('sid')],
  ['sess_set', 'IN a LONGBLOB, IN b LONGTEXT, IN c BIGINT', (store) => store.set('sid', session())],
  ['sess_touch', 'IN a LONGBLOB, IN b BIGINT', (store) => store.touch('sid', session())],
  ['sess_destroy', 'IN a LONGBLOB', (store) => store.destroy('sid')],
  ['sess_gc', 'IN a INT', (store) => store.gc()],
  ['sess_length', '', (store) => store.length()],
] as const satisfies ReadonlyArray<
  readonly [string, string, (store: MySQLSessionStore) => Promise<unknown>]
>) {
  test(`A ${routine} that ends before its work is an error, not a success.`, async (t) => {
    const { query, accountUrl } = await createInstallation(t);
    const store = openStore(t, accountUrl);
    await store.ready();
    await query(`DROP PROCEDURE ${routine}`);
    await query(`CREATE PROCEDURE ${routine} (${parameters}) BEGIN END`);
    const user = decodeURIComponent(new URL(accountUrl).username);
    await query(`GRANT EXECUTE ON PROCEDURE ${routine} TO \`${user}\`@'%'`);
    const error = await t.throwsAsync(async () => call(store), { instanceOf: DatabaseError });
    t.is(error?.errno, errno.queryInterrupted);
  });
}

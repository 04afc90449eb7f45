import test, { type ExecutionContext } from 'ava';
import knex from 'knex';
import { DatabaseError, MySQLSessionStore } from '../../src';
import { addAttribute, grant } from '../../src/install';
import { openTransactions, processes } from '../support/connections';
import { createInstallation, session, setExpiry, type TestInstallation } from '../support/store';
import { loadVisit, saveNewSession } from '../support/visit';
import { waitUntil } from '../support/wait-until';

const kills = 1_000;
const workerCount = 8;

/** Ends one random running call of the database. Returns whether there was one. */
async function killOne({ query, name }: TestInstallation): Promise<boolean> {
  const calls = (await processes({ query })).filter(
    ({ database, command, statement }) =>
      database === name && command === 'Query' && !statement.startsWith('SHOW'),
  );
  const call = calls[Math.floor(Math.random() * calls.length)];
  if (call === undefined) return false;
  // The call may have ended, and its connection too.
  await query(`KILL QUERY ${call.id}`).catch(() => undefined);
  return true;
}

/** What one worker knows of its sessions. */
interface Ledger {
  /** For each session, the acknowledged and the attempted number. */
  readonly saved: Map<string, { acknowledged: number; attempted: number }>;
  /** Sessions whose logout was acknowledged. */
  readonly ended: string[];
  failures: number;
}

/** Runs calls of every kind until the work is over. */
async function work(
  store: MySQLSessionStore<{ user: 'string' }>,
  ledger: Ledger,
  isOver: () => boolean,
): Promise<void> {
  const attempt = async (call: () => Promise<unknown>): Promise<boolean> => {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      ledger.failures++;
      return false;
    }
  };
  while (!isOver()) {
    await attempt(async () => {
      const sid = await saveNewSession(store, { value: 0, user: 'ada' });
      const entry = { acknowledged: 0, attempted: 0 };
      ledger.saved.set(sid, entry);
      for (let number = 1; number <= 4; number++) {
        const visit = await loadVisit(store, sid);
        // Two keys make a transaction.
        Object.assign(visit.session, { value: number, other: `x${number}` });
        entry.attempted = number;
        if (await attempt(() => visit.save())) entry.acknowledged = number;
        await attempt(() => store.touch(sid, visit.session));
      }
    });
    const other = await saveNewSession(store, { user: 'eve' }).catch(() => undefined);
    if (other && (await attempt(() => store.destroy(other)))) ledger.ended.push(other);
    await attempt(() => store.gc());
    await attempt(() => store.destroyBy('user', 'eve'));
  }
}

async function createLedgers(t: ExecutionContext) {
  const installation = await createInstallation(t);
  const options = { connection: installation.url };
  await addAttribute(options, { name: 'user', path: '$.user', type: 'VARCHAR(64)' });
  const user = decodeURIComponent(new URL(installation.accountUrl).username);
  await grant(options, `${user}@%`, 'destroy_user');
  await grant(options, `${user}@%`, 'find_user');
  const ledgers = Array.from(
    { length: workerCount },
    (): Ledger => ({
      saved: new Map(),
      ended: [],
      failures: 0,
    }),
  );
  return { installation, ledgers };
}

/** Asserts that no transaction is open, each acknowledged save is stored, and no logout undone. */
async function assertNothingLeft(
  t: ExecutionContext,
  { query, name }: TestInstallation,
  ledgers: readonly Ledger[],
): Promise<void> {
  await t.notThrowsAsync(
    waitUntil(async () => {
      const open = await openTransactions({ query });
      const ours = (await processes({ query })).filter(({ database }) => database === name);
      return ours.every(({ id }) => !open.includes(id));
    }),
  );
  // No lock is left on any row.
  await query('SELECT COUNT(*) FROM sessions FOR UPDATE NOWAIT');
  const rows = await query("SELECT sid, JSON_EXTRACT(sess, '$.value') + 0 FROM sessions");
  const stored = new Map(rows.map(([sid, value]) => [String(sid), Number(value)]));
  const wrong = ledgers.flatMap(({ saved, ended }) => [
    ...[...saved].flatMap(([sid, { acknowledged, attempted }]) => {
      const value = stored.get(sid) ?? -1;
      return value >= acknowledged && value <= attempted
        ? []
        : [`${sid}: ${value}, acknowledged ${acknowledged}, attempted ${attempted}`];
    }),
    ...ended.filter((sid) => stored.has(sid)).map((sid) => `${sid}: alive after its logout`),
  ]);
  t.deepEqual(wrong, []);
}

test.serial(
  `After ${kills} KILL QUERY at random moments, no transaction, no lock and no lost write is left.`,
  async (t) => {
    t.timeout(900_000);
    const { installation, ledgers } = await createLedgers(t);
    const store = new MySQLSessionStore({
      connection: installation.accountUrl,
      disableDbCleanup: true,
      touchAfter: 0,
      attributes: { user: 'string' },
    });
    t.teardown(() => store.close());
    let killed = 0;
    const isOver = () => killed >= kills;
    const working = ledgers.map((ledger) => work(store, ledger, isOver));
    while (!isOver()) if (await killOne(installation)) killed++;
    await Promise.all(working);
    // The same pool still stores, and frees what it held.
    await store.set('last', session('last'));
    t.is((await store.get('last'))?.value, 'last');
    const failures = ledgers.reduce((sum, ledger) => sum + ledger.failures, 0);
    const saved = ledgers.reduce((sum, ledger) => sum + ledger.saved.size, 0);
    t.log(`${killed} kills, ${failures} failed calls, ${saved} sessions`);
    t.true(failures > kills / 20);
    await assertNothingLeft(t, installation, ledgers);
    await setExpiry(installation, -1_000);
    t.true((await store.gc()) > 0);
  },
);

test.serial(
  'After time limits at random moments, no transaction, no lock and no lost write is left.',
  async (t) => {
    t.timeout(900_000);
    const { installation, ledgers } = await createLedgers(t);
    // MariaDB limits every statement, MySQL a SELECT: seconds here, milliseconds there.
    const limit = () =>
      `SET SESSION /*M! max_statement_time = ${(Math.random() / 200).toFixed(6)} */` +
      `/*!80000 max_execution_time = ${1 + Math.floor(Math.random() * 5)} */`;
    const pool = knex({
      client: 'mysql2',
      connection: installation.accountUrl,
      pool: { min: 0, max: workerCount },
    });
    t.teardown(() => pool.destroy());
    const store = new MySQLSessionStore({
      knex: pool,
      disableDbCleanup: true,
      touchAfter: 0,
      attributes: { user: 'string' },
    });
    let limits = 0;
    const isOver = () => limits >= kills;
    const working = ledgers.map((ledger) => work(store, ledger, isOver));
    while (!isOver()) {
      // The limit itself may end this statement.
      await pool.raw(limit()).catch(() => undefined);
      limits++;
    }
    await Promise.all(working);
    const failures = ledgers.reduce((sum, ledger) => sum + ledger.failures, 0);
    t.log(`${limits} limits, ${failures} failed calls`);
    await pool.destroy();
    await assertNothingLeft(t, installation, ledgers);
  },
);

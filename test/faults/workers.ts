import type { ExecutionContext } from 'ava';
import type { SessionData } from 'express-session';
import { DatabaseError, InstallationError, type MySQLSessionStore } from '../../src';
import { addAttribute, grant } from '../../src/install';
import { openTransactions, processes } from '../support/connections';
import { createInstallation, type TestInstallation } from '../support/store';
import { loadVisit, saveNewSession } from '../support/visit';
import { waitUntil } from '../support/wait-until';

/** What one worker knows of its sessions. */
export interface Ledger {
  /** For each session, the acknowledged and the attempted number. */
  readonly saved: Map<string, { acknowledged: number; attempted: number }>;
  /** Sessions whose logout was acknowledged. */
  readonly ended: string[];
  /** The errors of the calls that failed. */
  readonly failures: string[];
}

/** The sessions outlive every test. */
const maxAge = 3_600_000;

/** Runs calls of every kind until the work is over. */
export async function work(
  store: MySQLSessionStore<SessionData, { user: 'string' }>,
  ledger: Ledger,
  isOver: () => boolean,
): Promise<void> {
  const attempt = async (call: () => Promise<unknown>): Promise<boolean> => {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof DatabaseError || error instanceof InstallationError)) throw error;
      ledger.failures.push(error.message);
      return false;
    }
  };
  while (!isOver()) {
    await attempt(async () => {
      const sid = await saveNewSession(store, { value: 0, user: 'ada' }, maxAge);
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
    await attempt(async () => {
      const other = await saveNewSession(store, { user: 'eve' });
      await store.destroy(other);
      ledger.ended.push(other);
    });
    await attempt(() => store.gc());
    await attempt(() => store.destroyBy('user', 'eve'));
  }
}

/** Creates an installation whose sessions have a user, and a ledger for each worker. */
export async function createLedgers(t: ExecutionContext, workerCount: number) {
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
      failures: [],
    }),
  );
  return { installation, ledgers };
}

/** Asserts that no transaction is open, each acknowledged save is stored, and no logout undone. */
export async function assertNothingLeft(
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

import test from 'ava';
import knex from 'knex';
import { MySQLSessionStore } from '../../src';
import { processes } from '../support/connections';
import { session, setExpiry, type TestInstallation } from '../support/store';
import { assertNothingLeft, createLedgers, work } from './workers';

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

test.serial(
  `After ${kills} KILL QUERY at random moments, no transaction, no lock and no lost write is left.`,
  async (t) => {
    t.timeout(900_000);
    const { installation, ledgers } = await createLedgers(t, workerCount);
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
    const failures = ledgers.reduce((sum, ledger) => sum + ledger.failures.length, 0);
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
    const { installation, ledgers } = await createLedgers(t, workerCount);
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
    const failures = ledgers.reduce((sum, ledger) => sum + ledger.failures.length, 0);
    t.log(`${limits} limits, ${failures} failed calls`);
    await pool.destroy();
    await assertNothingLeft(t, installation, ledgers);
  },
);

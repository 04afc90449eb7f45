import test, { type ExecutionContext } from 'ava';
import type { Store } from 'express-session';
import { oldStores } from '../../install/adopt/old-stores';
import { createDatabase, type TestDatabase } from '../../support/database';
import { serve } from '../../support/http';
import { isFullRun } from '../../support/scale';
import { createInstallation, openStore } from '../../support/store';
import { type Barriers, logoutApp } from './logout-app';
import {
  type LogoutPlan,
  type LogoutResult,
  logOutBeforeActions,
  logOutDuringActions,
  logOutDuringLoads,
  runLogoutRounds,
} from './logout-rounds';
import { failuresOf } from './session-app';

interface RunResult extends LogoutResult {
  readonly failures: readonly string[];
}

async function run(
  t: ExecutionContext,
  stores: readonly Store[],
  plan: Pick<LogoutPlan, 'rounds' | 'timings'>,
): Promise<RunResult> {
  const barriers: Barriers = new Map();
  const origins = await Promise.all(stores.map((store) => serve(t, logoutApp(store, barriers))));
  const start = performance.now();
  const result = await runLogoutRounds({ origins, barriers, ...plan });
  const duration = Math.round(performance.now() - start);
  t.log(`${plan.rounds} rounds in ${duration} ms, statuses ${JSON.stringify(result.statuses)}`);
  return { ...result, failures: await failuresOf(origins) };
}

async function countRows({ query }: TestDatabase, table: string): Promise<number> {
  const [row] = await query(`SELECT COUNT(*) FROM ${table}`);
  return Number(row?.[0]);
}

test.serial(
  'In many rounds with requests in flight, no session comes back after its logout.',
  async (t) => {
    t.timeout(300_000);
    const { accountUrl, ...database } = await createInstallation(t, ['application']);
    let lost = 0;
    // Two stores act like two processes. With touchAfter 0, each touch reaches the server.
    const stores = [1, 2].map(() =>
      openStore(t, accountUrl, { touchAfter: 0 }).on('lost', () => {
        lost++;
      }),
    );
    const timings = [logOutBeforeActions, logOutDuringActions, logOutDuringLoads] as const;
    const { restored, failures } = await run(t, stores, {
      rounds: isFullRun ? 1_000 : 80,
      timings,
    });
    const rows = await countRows(database, 'sessions');
    t.log(`${restored} sessions restored, ${rows} rows left, ${lost} lost sessions reported`);
    t.deepEqual({ restored, rows, failures }, { restored: 0, rows: 0, failures: [] });
    t.true(lost > 0);
  },
);

// Other packages, for comparison.
for (const [name, open] of isFullRun ? Object.entries(oldStores) : []) {
  test.serial(
    `With ${name} and requests in flight, sessions come back after their logout.`,
    async (t) => {
      t.timeout(300_000);
      const database = await createDatabase(t);
      const { store, table } = await open(t, database);
      const { restored } = await run(t, [store], { rounds: 100, timings: [logOutBeforeActions] });
      t.log(`${restored} sessions restored, ${await countRows(database, table)} rows left`);
      t.true(restored > 0);
    },
  );
}

import test, { type ExecutionContext } from 'ava';
import type { Store } from 'express-session';
import { createDatabase, type TestDatabase } from '../database';
import { oldStores } from '../install/adopt/old-stores';
import { createInstallation, openStore } from '../store';
import { serve } from './listen';
import { logoutApp, type Meetings } from './logout-app';
import { logOutInRounds, type Outcome, type Rounds } from './logout-rounds';
import { beforeAnyGoesOn, whileAllGoOn, whileTheyLoad } from './logout-timings';
import { failuresOf } from './session-app';

interface Figures extends Outcome {
  readonly failures: readonly string[];
}

async function run(
  t: ExecutionContext,
  stores: readonly Store[],
  plan: Pick<Rounds, 'rounds' | 'timings'>,
): Promise<Figures> {
  const meetings: Meetings = new Map();
  const origins = await Promise.all(stores.map((store) => serve(t, logoutApp(store, meetings))));
  const begun = performance.now();
  const outcome = await logOutInRounds({ origins, meetings, ...plan });
  t.log(
    `${plan.rounds} rounds in ${Math.round(performance.now() - begun)} ms, answers ${JSON.stringify(outcome.statuses)}`,
  );
  return { ...outcome, failures: await failuresOf(origins) };
}

async function rowsIn({ query }: TestDatabase, table: string): Promise<number> {
  const [row] = await query(`SELECT COUNT(*) FROM ${table}`);
  return Number(row?.[0]);
}

test.serial('In 1,000 rounds, no session is back that was logged out with requests in flight.', async (t) => {
  t.timeout(300_000);
  const { accountUrl, ...database } = await createInstallation(t, ['application']);
  let lost = 0;
  // As two processes would have them. Each touch is to reach the server.
  const stores = [1, 2].map(() =>
    openStore(t, accountUrl, { touchAfter: 0 }).on('lost', () => {
      lost++;
    }),
  );
  const timings = [beforeAnyGoesOn, whileAllGoOn, whileTheyLoad] as const;
  const { back, failures } = await run(t, stores, { rounds: 1_000, timings });
  const rows = await rowsIn(database, 'sessions');
  t.log(`${back} sessions back, ${rows} rows left, ${lost} told of as lost`);
  t.deepEqual({ back, rows, failures }, { back: 0, rows: 0, failures: [] });
  t.true(lost > 0);
});

for (const [name, open] of Object.entries(oldStores)) {
  test.serial(`With ${name}, sessions are back that were logged out with requests in flight.`, async (t) => {
    t.timeout(300_000);
    const database = await createDatabase(t);
    const { store, table } = await open(t, database);
    const { back } = await run(t, [store], { rounds: 100, timings: [beforeAnyGoesOn] });
    t.log(`${back} sessions back, ${await rowsIn(database, table)} rows left`);
    t.true(back > 0);
  });
}

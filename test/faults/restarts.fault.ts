import { readFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { openDatabase } from '../database';
import { onServerWith } from '../matrix/private-server';
import { createInstallation, openStore } from '../store';
import { until } from '../until';
import { Visitors } from './visitors';

const rounds = 20;
const visitors = 16;

/** Seconds that the server is away, besides what its stop and start take. */
const away = 0.3;

/** MySQL takes four seconds to stop and start, which the budget of five is close to on a busy machine. */
const budgets = { mariadb: 5_000, mysql: 10_000 };

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test.serial(
    `Whoever visits while the server goes by ${signal}, ${rounds} times, loses nothing and sees no error.`,
    async (t) => {
      t.timeout(600_000);
      const { flavor } = await onServerWith(t, [], away);
      const { accountUrl } = await createInstallation(t);
      const retryBudget = budgets[flavor];
      const guests = await Visitors.invite(t, [openStore(t, accountUrl, { retryBudget })], visitors);
      const outages: number[] = [];
      const { answered, failures, breaks, longest } = await guests.during(async () => {
        while (outages.length < rounds) {
          await guests.allServed();
          outages.push(await stop(t, accountUrl, signal));
        }
      });
      t.log(
        `${outages.length} stops, of at most ${Math.max(...outages)} ms, ${answered} visits, the longest ${longest} ms`,
      );
      t.is(outages.length, rounds);
      t.true(Math.max(...outages) < retryBudget);
      t.deepEqual(failures, []);
      t.deepEqual(breaks, []);
    },
  );
}

/**
 * Ends the server, and waits until it is back.
 *
 * @returns the milliseconds until then
 */
async function stop(t: ExecutionContext, url: string, signal: NodeJS.Signals): Promise<number> {
  const pid = await pidOf(t, url);
  const begun = performance.now();
  process.kill(pid, signal);
  await until(async () => (await pidOf(t, url).catch(() => pid)) !== pid, 50);
  return Math.round(performance.now() - begun);
}

async function pidOf(t: ExecutionContext, url: string): Promise<number> {
  const database = openDatabase(t, url);
  try {
    const [row] = await database.query('SELECT @@pid_file');
    return Number(await readFile(String(row?.[0]), 'utf8'));
  } finally {
    await database.close();
  }
}

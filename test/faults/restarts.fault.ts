import { readFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { bootForTest } from '../support/boot';
import { openDatabase } from '../support/database';
import { createInstallation, openDefaultStore } from '../support/store';
import { waitUntil } from '../support/wait-until';
import { Visitors } from './visitors';

const rounds = 20;
const visitorCount = 16;

/** Seconds between the end of the server and its next start. */
const restartAfter = 0.3;

/** In milliseconds. A restart of MySQL needs four seconds, and more on a busy machine. */
const retryBudgets = { mariadb: 5_000, mysql: 10_000 };

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test.serial(`No visit fails while ${signal} ends the server ${rounds} times.`, async (t) => {
    t.timeout(600_000);
    const { flavor } = await bootForTest(t, [], restartAfter);
    const { accountUrl } = await createInstallation(t);
    const retryBudget = retryBudgets[flavor];
    const visitors = await Visitors.start(
      t,
      [openDefaultStore(t, accountUrl, { retryBudget })],
      visitorCount,
    );
    const outages: number[] = [];
    const { succeeded, failures, wrongCounts, longest } = await visitors.visitDuring(async () => {
      while (outages.length < rounds) {
        await visitors.waitForVisits();
        outages.push(await restart(t, accountUrl, signal));
      }
    });
    t.log(
      `${outages.length} outages of at most ${Math.max(...outages)} ms, ` +
        `${succeeded} visits, the longest ${longest} ms`,
    );
    t.is(outages.length, rounds);
    t.true(Math.max(...outages) < retryBudget);
    t.deepEqual(failures, []);
    t.deepEqual(wrongCounts, []);
  });
}

/**
 * Ends the server, and waits until it accepts connections again.
 *
 * @returns the milliseconds of the outage
 */
async function restart(t: ExecutionContext, url: string, signal: NodeJS.Signals): Promise<number> {
  const pid = await pidOf(t, url);
  const start = performance.now();
  process.kill(pid, signal);
  await waitUntil(async () => (await pidOf(t, url).catch(() => pid)) !== pid, 50);
  return Math.round(performance.now() - start);
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

import { readFile } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { openDatabase } from '../database';
import { onServerWith } from '../matrix/private-server';
import { createInstallation, openStore } from '../store';
import { until } from '../until';
import { Visitors } from './visitors';

const rounds = 20;
const visitors = 16;

/** Seconds that the server is away, besides what its start takes. */
const away = 0.3;

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test.serial(
    `Whoever visits while the server goes by ${signal}, ${rounds} times, loses nothing and sees no error.`,
    async (t) => {
      t.timeout(600_000);
      await onServerWith(t, [], away);
      const { accountUrl } = await createInstallation(t);
      const guests = await Visitors.invite(t, [openStore(t, accountUrl)], visitors);
      let stops = 0;
      const { answered, failures, breaks, longest } = await guests.during(async () => {
        for (; stops < rounds; stops++) {
          const answeredBefore = guests.answered;
          await until(() => guests.answered > answeredBefore + 2 * visitors);
          await stop(t, accountUrl, signal);
        }
      });
      t.log(`${stops} stops, ${answered} visits, the longest ${longest} ms`);
      t.is(stops, rounds);
      t.deepEqual(failures, []);
      t.deepEqual(breaks, []);
    },
  );
}

/** Ends the server, and waits until it is back. */
async function stop(t: ExecutionContext, url: string, signal: NodeJS.Signals): Promise<void> {
  const pid = await pidOf(t, url);
  process.kill(pid, signal);
  await until(async () => (await pidOf(t, url).catch(() => pid)) !== pid, 50);
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

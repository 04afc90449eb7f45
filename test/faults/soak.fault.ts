import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { connectionsOf } from '../connections';
import { createInstallation, openStore } from '../store';
import { Visitors } from './visitors';

const minutes = 10;
/** Before it, everything that is kept for speed fills up. */
const warmUp = 2;
const samplesPerMinute = 6;

interface Sample {
  /** In MiB. */
  readonly heap: number;
  readonly handles: number;
  readonly connections: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test.serial(`Over ${minutes} minutes, memory, handles and connections stay as they are.`, async (t) => {
  t.timeout((minutes + 2) * 60_000);
  const installation = await createInstallation(t);
  const store = openStore(t, installation.accountUrl, { disableDbCleanup: false, cleanupInterval: 5_000 });
  const guests = await Visitors.invite(t, [store], 16);

  const samples: Sample[] = [];
  const take = async (): Promise<Sample> => {
    collectGarbage();
    return {
      heap: process.memoryUsage().heapUsed / 2 ** 20,
      handles: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length,
      connections: (await connectionsOf(installation)).length,
    };
  };
  const visits = await guests.during(async () => {
    for (let sample = 0; sample < minutes * samplesPerMinute; sample++) {
      await sleep(60_000 / samplesPerMinute);
      samples.push(await take());
    }
  });

  const settled = samples.slice(warmUp * samplesPerMinute);
  const third = Math.floor(settled.length / 3);
  const [early, late] = [settled.slice(0, third), settled.slice(-third)];
  const medians = (of: (sample: Sample) => number) => [early, late].map((part) => median(part.map(of)));
  const [heapEarly = 0, heapLate = 0] = medians(({ heap }) => heap);
  const [handlesEarly = 0, handlesLate = 0] = medians(({ handles }) => handles);
  const most = Math.max(...settled.map(({ connections }) => connections));
  t.log(
    `${visits.answered} visits; heap ${heapEarly.toFixed(1)} to ${heapLate.toFixed(1)} MiB, ` +
      `handles ${handlesEarly} to ${handlesLate}, connections ${most} at most`,
  );
  t.deepEqual([visits.failures, visits.breaks], [[], []]);
  t.true(heapLate < heapEarly * 1.05 + 1);
  t.true(handlesLate <= handlesEarly + 2);
  t.true(most <= 10);
});

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

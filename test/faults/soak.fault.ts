import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { connectionIds } from '../support/connections';
import { createInstallation, openDefaultStore } from '../support/store';
import { Visitors } from './visitors';

const minutes = 10;

/** Minutes in which all caches fill up. */
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

test.serial(`Memory, handles and connections do not grow over ${minutes} minutes.`, async (t) => {
  t.timeout((minutes + 2) * 60_000);
  const installation = await createInstallation(t);
  const store = openDefaultStore(t, installation.accountUrl, {
    disableDbCleanup: false,
    cleanupInterval: 5_000,
  });
  const visitors = await Visitors.start(t, [store], 16);

  const samples: Sample[] = [];
  const takeSample = async (): Promise<Sample> => {
    collectGarbage();
    return {
      heap: process.memoryUsage().heapUsed / 2 ** 20,
      handles: process.getActiveResourcesInfo().filter((name) => name !== 'Timeout').length,
      connections: (await connectionIds(installation)).length,
    };
  };
  const result = await visitors.visitDuring(async () => {
    for (let sample = 0; sample < minutes * samplesPerMinute; sample++) {
      await sleep(60_000 / samplesPerMinute);
      samples.push(await takeSample());
    }
  });

  const settled = samples.slice(warmUp * samplesPerMinute);
  const third = Math.floor(settled.length / 3);
  const [early, late] = [settled.slice(0, third), settled.slice(-third)];
  const medians = (select: (sample: Sample) => number) =>
    [early, late].map((part) => median(part.map(select)));
  const [heapEarly = 0, heapLate = 0] = medians(({ heap }) => heap);
  const [handlesEarly = 0, handlesLate = 0] = medians(({ handles }) => handles);
  const maxConnections = Math.max(...settled.map(({ connections }) => connections));
  t.log(
    `${result.succeeded} visits; heap ${heapEarly.toFixed(1)} to ${heapLate.toFixed(1)} MiB, ` +
      `handles ${handlesEarly} to ${handlesLate}, at most ${maxConnections} connections`,
  );
  t.deepEqual([result.failures, result.wrongCounts], [[], []]);
  t.true(heapLate < heapEarly * 1.05 + 1);
  t.true(handlesLate <= handlesEarly + 2);
  t.true(maxConnections <= 10);
});

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

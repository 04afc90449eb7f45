import { setTimeout as sleep } from 'node:timers/promises';
import { type Population, sampleIds } from '../sessions';
import type { LoadedSession, StoreDriver } from '../store-driver';
import { latenciesOf } from './calls';

export interface SteadyEffort {
  readonly callsPerSecond: number;
  /** How long the load lasts at least. */
  readonly milliseconds: number;
}

/** Timers are a few milliseconds late. A call that starts later than this was delayed. */
const lateness = 5;

/**
 * Starts a fixed number of calls a second, half of them sets, even while earlier calls are pending.
 * A slow store thus cannot slow down the load. The load lasts until the cleanup ends.
 *
 * @returns latencies in milliseconds, the number of failed calls, and the seconds of the cleanup
 */
export async function steadyLoad(
  driver: StoreDriver,
  population: Population,
  { callsPerSecond, milliseconds }: SteadyEffort,
  cleanUp?: () => Promise<unknown>,
) {
  const loaded = await driver.loadMany(population, 5_000);
  const took = { get: [] as number[], set: [] as number[] };
  const calls: Array<Promise<void>> = [];
  let failed = 0;
  const record = async (kind: 'get' | 'set', planned: number, call: Promise<void>) => {
    const now = performance.now();
    const began = now - planned > lateness ? planned : now;
    try {
      await call;
      took[kind].push(performance.now() - began);
    } catch {
      failed++;
    }
  };

  const start = performance.now();
  const cleanup = cleanUp?.().then(() => (performance.now() - start) / 1_000);
  let running = true;
  const end = () => {
    running = false;
  };
  Promise.all([cleanup, sleep(milliseconds)]).then(end, end);
  for (let begun = 0; running; await sleep(1)) {
    const due = ((performance.now() - start) / 1_000) * callsPerSecond;
    for (; begun < due; begun++) {
      const planned = start + (begun / callsPerSecond) * 1_000;
      const session = loaded[(begun >> 1) % loaded.length];
      calls.push(
        begun % 2 === 1 && session
          ? record('set', planned, change(driver, session))
          : record('get', planned, getOne(driver, population)),
      );
    }
  }
  await Promise.all(calls);
  const [get, set] = [latenciesOf(took.get), latenciesOf(took.set)];
  return {
    'get p50': get.p50,
    'get p99': get.p99,
    'set p50': set.p50,
    'set p99': set.p99,
    'longest call': Math.max(get.longest, set.longest),
    failed,
    seconds: (await cleanup) ?? 0,
  };
}

async function getOne(driver: StoreDriver, population: Population): Promise<void> {
  for (const sid of sampleIds(population, 1)) {
    if (!(await driver.get(sid))) throw new Error(`Session ${sid} is missing`);
  }
}

function change(driver: StoreDriver, loaded: LoadedSession): Promise<void> {
  loaded.session.views = 1 + (loaded.session.views ?? 0);
  return driver.set(loaded);
}

import type { OpenStore } from '../contenders';
import { type Population, sample } from '../sessions/population';
import type { Visit, Visits } from '../sessions/visits';
import { type Call, CallLog, failuresOf } from './call-log';
import { forEach } from './loop';
import { pace } from './pace';
import { type Latencies, latenciesOf } from './timing';

export interface SteadyEffort {
  readonly callsASecond: number;
  /** How long the load lasts. */
  readonly milliseconds: number;
  /** Whether the store cleans up meanwhile: then the load lasts as long as the cleanup does. */
  readonly cleansUp: boolean;
}

export interface Steady {
  readonly get: Latencies;
  readonly set: Latencies;
  readonly calls: number;
  /** How many calls failed, by what the server said. */
  readonly failures: Readonly<Record<string, number>>;
  /** The longest call that began in each second, in milliseconds. */
  readonly timeline: readonly number[];
  /** How long the cleanup took, in seconds. */
  readonly cleanupSeconds?: number | undefined;
}

/** How long the load lasts at least while a store cleans up, in milliseconds. */
const shortest = 1_000;

/** Loaded beforehand, and changed in turn. */
const visitors = 5_000;

/** A load that does not slow down when the store does: so many calls a second, every other one a set. */
export async function steady(
  { cleanUp }: OpenStore,
  visits: Visits,
  population: Population,
  { callsASecond, milliseconds, cleansUp }: SteadyEffort,
): Promise<Steady> {
  const loaded = await forEach(sample(population, visitors), 16, (sid) => visits.load(sid));
  const log = new CallLog<'get' | 'set'>();
  const start = performance.now();
  const cleanup = cleansUp ? timed(cleanUp) : undefined;
  let cleaned = cleanup === undefined;
  const end = () => {
    cleaned = true;
  };
  cleanup?.then(end, end);
  const least = cleansUp ? shortest : milliseconds;
  const goesOn = () => !cleaned || performance.now() - start < least;
  await pace(callsASecond, goesOn, (number, planned) => {
    if (number % 2 === 0) log.add('get', planned, get(visits, population));
    else log.add('set', planned, change(visits, loaded[(number >> 1) % loaded.length]));
  });
  return { ...summary(await log.settled(), start), cleanupSeconds: await cleanup };
}

function summary(calls: ReadonlyArray<Call<'get' | 'set'>>, start: number): Omit<Steady, 'cleanupSeconds'> {
  const done = calls.filter(({ failure }) => failure === undefined);
  const timeline: number[] = [];
  for (const { began, took } of done) {
    const second = Math.max(0, Math.floor((began - start) / 1_000));
    timeline[second] = Math.max(timeline[second] ?? 0, took);
  }
  const took = (kind: 'get' | 'set') => done.filter((call) => call.kind === kind).map((call) => call.took);
  return {
    get: latenciesOf(took('get')),
    set: latenciesOf(took('set')),
    calls: done.length,
    failures: failuresOf(calls),
    timeline: Array.from(timeline, (longest) => longest ?? 0),
  };
}

async function get(visits: Visits, population: Population): Promise<void> {
  const [sid = ''] = sample(population, 1);
  if (!(await visits.get(sid))) throw new Error('A session that should be there is not');
}

async function change(visits: Visits, visit: Visit | undefined): Promise<void> {
  if (!visit) throw new Error('Nobody was loaded');
  visit.session.views = 1 + (visit.session.views ?? 0);
  await visits.set(visit);
}

async function timed(work: (() => Promise<unknown>) | undefined): Promise<number> {
  const start = performance.now();
  await work?.();
  return (performance.now() - start) / 1_000;
}

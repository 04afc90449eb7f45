import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import test, { type ExecutionContext } from 'ava';
import { type CallEvent, MySQLSessionStore } from '../../src';
import { doctor, install, plan } from '../../src/install';
import { createEdition, everyRoutineChanged } from '../install/edition';
import type { TestInstallation } from '../support/store';
import { waitUntil } from '../support/wait-until';
import { harmless, stopping } from './breakages';
import { assertNothingLeft, createLedgers, type Ledger, work } from './workers';

const upgrades = 200;
const repairsOfEach = 10;
const writerCount = 16;
const storeCount = 2;

const channel = 'knex-mysql-session:call';

/** A time, from `performance.now`. */
interface Period {
  readonly from: number;
  readonly to: number;
}

interface Failure extends Period {
  readonly message: string;
}

/** Counts the calls of all stores in this process. */
class CallCounter {
  calls = 0;
  longest = 0;
  readonly failures: Failure[] = [];

  constructor(t: ExecutionContext) {
    const count = (message: unknown) => this.#count(message as CallEvent);
    subscribe(channel, count);
    t.teardown(() => unsubscribe(channel, count));
  }

  #count({ routine, duration, outcome, error }: CallEvent): void {
    this.calls++;
    this.longest = Math.max(this.longest, Math.round(duration));
    if (outcome === 'error') {
      const to = performance.now();
      this.failures.push({ from: to - duration, to, message: `${routine}: ${error}` });
    }
  }
}

interface Load {
  readonly installation: TestInstallation;
  readonly ledgers: readonly Ledger[];
  readonly counter: CallCounter;
  /** Runs a task while all writers write, and waits for the writers. */
  during(task: () => Promise<unknown>): Promise<void>;
}

/** Opens the stores of the writers. Each routine has worked: a store waits only for those. */
async function startWriters(t: ExecutionContext): Promise<Load> {
  const { installation, ledgers } = await createLedgers(t, writerCount);
  await install({ connection: installation.url, event: true });
  const counter = new CallCounter(t);
  const stores = Array.from({ length: storeCount }, () => {
    const store = new MySQLSessionStore({
      connection: installation.accountUrl,
      disableDbCleanup: true,
      touchAfter: 0,
      attributes: { user: 'string' },
    });
    t.teardown(() => store.close());
    return store;
  });
  const write = (isOver: () => boolean) =>
    Promise.all(
      stores.flatMap((store, index) =>
        ledgers
          .filter((_, writer) => writer % storeCount === index)
          .map((ledger) => work(store, ledger, isOver)),
      ),
    );
  const writeOnce = async () => {
    let rounds = 0;
    await write(() => rounds++ >= writerCount);
  };
  await writeOnce();
  return {
    installation,
    ledgers,
    counter,
    during: async (task) => {
      let isOver = false;
      const working = task().finally(() => {
        isOver = true;
      });
      await Promise.all([working, write(() => isOver)]);
    },
  };
}

async function assertSound(t: ExecutionContext, { installation }: Load): Promise<void> {
  const options = { connection: installation.url };
  t.is(await plan(options), '');
  const { checks } = await doctor(options);
  // The server may run without its event scheduler.
  const findings = checks.filter(({ state, area }) => state !== 'ok' && area !== 'event');
  t.deepEqual(
    findings.map(({ subject, found }) => `${subject}: ${found}`),
    [],
  );
}

test.serial(
  `Under ${writerCount} writers, no call fails in ${upgrades} upgrades that also repair.`,
  async (t) => {
    t.timeout(3_600_000);
    const load = await startWriters(t);
    const { installation, ledgers, counter } = load;
    const other = await createEdition(t, everyRoutineChanged);
    const breakages = Object.entries(harmless);
    const counts = new Map<string, number>();
    let steps = 0;
    const start = performance.now();
    await load.during(async () => {
      for (let round = 0; round < upgrades; round++) {
        const [what = '', breakIt] = breakages[Math.floor(Math.random() * breakages.length)] ?? [];
        await breakIt?.(installation);
        counts.set(what, (counts.get(what) ?? 0) + 1);
        const { installer } = round % 2 === 0 ? other : { installer: { install } };
        steps += (await installer.install({ connection: installation.url })).length;
      }
    });
    const seconds = Math.round((performance.now() - start) / 1_000);
    t.log(`${upgrades} upgrades, ${steps} steps, ${seconds} s`);
    t.log(
      `${counter.calls} calls, ${counter.failures.length} failed, the longest ${counter.longest} ms`,
    );
    for (const [what, count] of counts) t.log(`${what}: ${count}`);
    t.deepEqual(counter.failures, []);
    t.deepEqual(
      ledgers.flatMap(({ failures }) => failures),
      [],
    );
    await assertNothingLeft(t, installation, ledgers);
    await assertSound(t, load);
  },
);

test.serial(
  'Under writers, a breakage that stops calls stops none after migrate has repaired it.',
  async (t) => {
    t.timeout(3_600_000);
    const load = await startWriters(t);
    const { installation, ledgers, counter } = load;
    const outages: Period[] = [];
    await load.during(async () => {
      for (const [what, breakIt] of Object.entries(stopping)) {
        for (let round = 0; round < repairsOfEach; round++) {
          const [from, failures] = [performance.now(), counter.failures.length];
          await breakIt(installation);
          await waitUntil(() => counter.failures.length > failures);
          await install({ connection: installation.url });
          const to = performance.now();
          outages.push({ from, to });
          const after = counter.calls;
          await waitUntil(() => counter.calls > after + 10 * writerCount);
        }
        t.log(`${what}: ${repairsOfEach} repairs`);
      }
    });
    t.log(`${counter.calls} calls, ${counter.failures.length} failed`);
    const others = counter.failures.filter((failure) =>
      outages.every(({ from, to }) => failure.to < from || failure.from > to),
    );
    t.deepEqual(others, []);
    await assertNothingLeft(t, installation, ledgers);
    await assertSound(t, load);
  },
);

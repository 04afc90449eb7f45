import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import type { SessionData } from 'express-session';
import type { Connection } from '../../../src/database/connection';
import { bootForFile } from '../../support/boot';
import { openDatabase } from '../../support/database';
import { isFullRun } from '../../support/scale';
import { createStore, session, type TestStore } from '../../support/store';
import { countCalls, formatCalls } from './call-counter';

// The longest session has half as many bytes.
bootForFile(async () => ['--max-allowed-packet=1M']);

/** How many batches of saves a run tries. MySQL does about eight in a second. */
const rounds = isFullRun ? 300 : 30;

type Data = Record<string, unknown>;

/** A session that outlives the test, also if no save of it succeeds. */
const longSession = () => session(undefined, 86_400_000);

const deep: unknown = JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`);
const longText = 'x'.repeat(300_000);
const manyKeys = Array.from({ length: 300 }, (_, n) => `a-key-of-a-session-${n}`);

/** By the id of a session: how a save changes it in a round. */
const changes: Readonly<Record<string, (round: number) => Data>> = {
  'one-key': (round) => ({ value: round }),
  'several-keys': (round) => ({ value: { round }, other: `ö${round}`, [`key${round % 3}`]: round }),
  'removed-key': (round) => (round % 2 ? { value: round } : { value: undefined, other: round }),
  unchanged: () => ({}),
  gone: (round) => ({ value: round }),
  locked: (round) => ({ value: round }),
  'too-deep': () => ({ value: deep }),
  'too-deep-and-another': (round) => ({ value: round, deep }),
  'badly-encoded': (round) => ({ value: `${round}\ud800` }),
  'badly-encoded-key': (round) => ({ value: round, '\udc00': 1 }),
  'too-many-keys': (round) => Object.fromEntries(manyKeys.map((key) => [key, `value ${round}`])),
  'too-long-for-a-batch': (round) => ({ value: `${round}${longText}` }),
  'too-long-for-the-server': () => ({ value: longText + longText }),
};

const sids = Object.keys(changes);
/** These take so long that most batches have none. */
const slow = ['too-many-keys', 'too-long-for-a-batch', 'too-long-for-the-server'];

interface Result {
  /** By id: `saved`, `lost` or an error. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** By id: the data afterwards, and the data that follows from the outcome. */
  readonly actual: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** Saves sessions at the same time, in this order. */
async function saveAll(
  { store, query }: TestStore,
  locker: Connection,
  order: readonly string[],
  round: number,
): Promise<Result> {
  if (order.includes('gone')) await store.set('gone', longSession());
  const loaded = await loadAll(store, order);
  const expected = dataOf(loaded);
  const outcomes: Record<string, string> = {};
  store.removeAllListeners('lost').on('lost', (sid: string) => {
    outcomes[sid] = 'lost';
    expected[sid] = undefined;
  });
  const save = async (sid: string) => {
    const change = changes[sid]?.(round) ?? {};
    try {
      await store.set(sid, Object.assign(loaded.get(sid) ?? longSession(), change));
      outcomes[sid] = 'saved';
      expected[sid] = JSON.parse(JSON.stringify({ ...expected[sid], ...change }));
    } catch (error) {
      outcomes[sid] = String(error);
    }
  };
  await query("DELETE FROM sessions WHERE sid = 'gone'");
  await locker.query('START TRANSACTION');
  await locker.query("SELECT sid FROM sessions WHERE sid = 'locked' FOR UPDATE");
  // The first save is on its way at once. The others share batches.
  const saves = new Map(order.map((sid) => [sid, save(sid)]));
  const others = order.filter((sid) => sid !== 'locked').map((sid) => saves.get(sid));
  await Promise.all(others);
  await locker.query('ROLLBACK');
  await saves.get('locked');
  await nextTurn();
  return { outcomes, expected, actual: dataOf(await loadAll(store, order)) };
}

type Loaded = ReadonlyMap<string, SessionData | null>;

async function loadAll(store: TestStore['store'], order: readonly string[]): Promise<Loaded> {
  return new Map(await Promise.all(order.map(async (sid) => [sid, await store.get(sid)] as const)));
}

function dataOf(loaded: Loaded): Record<string, Data | undefined> {
  return Object.fromEntries(
    [...loaded].map(([sid, data]) => {
      const { cookie: _, ...rest } = data ?? { cookie: undefined };
      return [sid, data === null ? undefined : rest];
    }),
  );
}

function shuffled(items: readonly string[]): string[] {
  return items
    .map((item) => [Math.random(), item] as const)
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}

test('In a mixed batch, each save ends like a save that is alone.', async (t) => {
  t.timeout(600_000);
  const created = await createStore(t, { touchAfter: 0 });
  for (const sid of sids) await created.store.set(sid, longSession());
  const counts = countCalls(t);
  await openDatabase(t, created.url).withConnection(async (locker) => {
    const alone: Record<string, string | undefined> = {};
    for (const sid of sids) {
      const { outcomes, actual, expected } = await saveAll(created, locker, [sid], 0);
      t.deepEqual(actual, expected, sid);
      alone[sid] = outcomes[sid];
    }
    t.log(alone);
    t.is(counts.get('sess_save_many'), undefined);
    for (let round = 1; round <= rounds; round++) {
      const order = shuffled(sids).filter((sid) => round % 10 === 0 || !slow.includes(sid));
      const { outcomes, actual, expected } = await saveAll(created, locker, order, round);
      t.deepEqual(
        [outcomes, actual],
        [Object.fromEntries(order.map((sid) => [sid, alone[sid]])), expected],
      );
    }
  });
  t.log(formatCalls(counts));
  t.true((counts.get('sess_save_many') ?? 0) >= rounds);
});

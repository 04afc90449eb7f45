import { deepStrictEqual } from 'node:assert';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { MySQLSessionStore } from '../../../src';
import { isFullRun } from '../../support/scale';
import { createInstallation, openStore } from '../../support/store';
import { loadVisit, saveNewSession, type Visit } from '../../support/visit';
import { countCalls, formatCalls } from '../concurrency/call-counter';
import { SessionModel } from './session-model';
import { StoreUnderTest } from './store-under-test';

type Command = fc.AsyncCommand<SessionModel, StoreUnderTest>;

/** Creates a command of a visitor with an open request. */
function visitorCommand(name: string, visitor: number, run: Command['run']): Command {
  return {
    check: (model) => model.visits.has(visitor),
    run,
    toString: () => `visitor ${visitor}: ${name}`,
  };
}

/** Creates a command on any session, live or not. */
function sessionCommand(
  name: string,
  index: number,
  run: (sid: string, model: SessionModel, store: StoreUnderTest) => Promise<void>,
): Command {
  return {
    check: ({ sids }) => sids.length > 0,
    run: (model, store) => run(String(model.sids[index % model.sids.length]), model, store),
    toString: () => `session ${index}: ${name}`,
  };
}

const visitorCount = 4;
const visitor = fc.nat(visitorCount - 1);
const sessionIndex = fc.nat(2);
const key = fc.constantFrom('a', 'b', 'c');
const value = fc.constantFrom<unknown>(undefined, null, 0, 1, 'text', { deep: [1, null] });

const begin = visitor.map(
  (visitor): Command => ({
    check: () => true,
    run: async (model, store) => model.begin(visitor, store.begin(visitor)),
    toString: () => `visitor ${visitor}: begin`,
  }),
);

const load = fc.tuple(visitor, sessionIndex).map(([visitor, index]) =>
  sessionCommand(`load by visitor ${visitor}`, index, async (sid, model, store) => {
    deepStrictEqual(await store.load(visitor, sid), model.load(visitor, sid));
  }),
);

const change = fc.tuple(visitor, key, value).map(([visitor, key, value]) =>
  visitorCommand(`change ${key} to ${JSON.stringify(value)}`, visitor, async (model, store) => {
    store.change(visitor, key, value);
    model.change(visitor, key, value);
  }),
);

const save = visitor.map((visitor) =>
  visitorCommand('save', visitor, async (model, store) => {
    await store.save(visitor);
    model.save(visitor);
  }),
);

const touch = visitor.map((visitor) =>
  visitorCommand('touch', visitor, async (model, store) => {
    await store.visit(visitor).touch();
    model.touch(visitor);
  }),
);

const reload = visitor.map((visitor) =>
  visitorCommand('reload', visitor, async (model, store) => {
    deepStrictEqual(await store.reload(visitor), model.reload(visitor));
  }),
);

const destroy = visitor.map((visitor) =>
  visitorCommand('destroy', visitor, async (model, store) => {
    await store.visit(visitor).destroy();
    model.destroy(visitor);
  }),
);

const regenerate = visitor.map((visitor) =>
  visitorCommand('regenerate', visitor, async (model, store) => {
    model.regenerate(visitor, await store.regenerate(visitor));
  }),
);

const expire = sessionIndex.map((index) =>
  sessionCommand('expire', index, async (sid, model, store) => {
    await store.expire(sid);
    model.expire(sid);
  }),
);

// Changes of one session by several visitors must be more frequent than commands that end it.
const frequent = [load, load, change, change, save].flatMap((command) => [
  command,
  command,
  command,
]);
const rare = [begin, touch, reload, destroy, regenerate, expire];
const commands = fc.commands([...frequent, ...rare], { maxCommands: 50, size: 'max' });

/** Loads the same session for all visitors. By chance, they would rarely share one. */
async function shareSession(model: SessionModel, store: StoreUnderTest): Promise<void> {
  const sid = store.begin(0);
  model.begin(0, sid);
  await store.visit(0).save();
  model.save(0);
  for (let visitor = 0; visitor < visitorCount; visitor++) {
    deepStrictEqual(await store.load(visitor, sid), model.load(visitor, sid));
  }
}

/** Runs random commands. Throws if the store differs from the model. */
async function compareWithModel(
  t: ExecutionContext,
  numRuns: number,
  writeMode: 'merge' | 'replace',
): Promise<void> {
  const installation = await createInstallation(t);
  // Each store acts like a process with half of the visitors. With touchAfter 0, each touch reaches
  // the server and reports a lost session.
  const stores = [1, 2].map(() =>
    openStore(t, installation.accountUrl, { touchAfter: 0, writeMode }),
  );
  const companions = new Map<MySQLSessionStore, Visit[]>();
  for (const store of stores) {
    const sids = [await saveNewSession(store, {}, hour), await saveNewSession(store, {}, hour)];
    companions.set(store, await Promise.all(sids.map((sid) => loadVisit(store, sid))));
  }
  const property = fc.asyncProperty(commands, async (commands) => {
    const [model, real] = [
      new SessionModel(),
      new StoreUnderTest(installation, stores, companions),
    ];
    await shareSession(model, real);
    await fc.asyncModelRun(() => ({ model, real }), commands);
    deepStrictEqual(await real.live(), model.live);
    deepStrictEqual(real.lost, model.lost);
  });
  await fc.assert(property, { numRuns });
}

/** How many random sequences a run tries. */
const sequences = isFullRun ? 2_000 : 80;
const concurrency = 4;

/** In milliseconds. */
const hour = 3_600_000;

test('For random sequences of commands, the store behaves like the model.', async (t) => {
  t.timeout(300_000);
  const share = sequences / concurrency;
  const counts = countCalls(t);
  await t.notThrowsAsync(
    Promise.all(Array.from({ length: concurrency }, () => compareWithModel(t, share, 'merge'))),
  );
  t.log(formatCalls(counts));
  t.true((counts.get('sess_save_many') ?? 0) > sequences);
});

test('A store that writes whole sessions behaves differently from the model.', async (t) => {
  t.timeout(300_000);
  await t.throwsAsync(compareWithModel(t, 2_000, 'replace'), { message: /^Property failed/ });
});

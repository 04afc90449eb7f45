import { deepStrictEqual } from 'node:assert';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { createInstallation, openStore } from '../store';
import { Model } from './model';
import { Reality } from './reality';

type Command = fc.AsyncCommand<Model, Reality>;

/** What a visitor does who has a session in hand, to the model and to the store. */
function act(name: string, visitor: number, run: Command['run']): Command {
  return {
    check: (model) => model.visits.has(visitor),
    run,
    toString: () => `visitor ${visitor}: ${name}`,
  };
}

/** What anybody may do to one of the sessions that there have been. */
function actOn(
  name: string,
  some: number,
  run: (sid: string, ...both: [Model, Reality]) => Promise<void>,
): Command {
  return {
    check: ({ sids }) => sids.length > 0,
    run: (model, reality) => run(String(model.sids[some % model.sids.length]), model, reality),
    toString: () => `session ${some}: ${name}`,
  };
}

const visitors = 4;
const visitor = fc.nat(visitors - 1);
const some = fc.nat(2);
const key = fc.constantFrom('a', 'b', 'c');
const value = fc.constantFrom<unknown>(undefined, null, 0, 1, 'text', { deep: [1, null] });

const begin = visitor.map(
  (visitor): Command => ({
    check: () => true,
    run: async (model, reality) => model.begin(visitor, reality.begin(visitor)),
    toString: () => `visitor ${visitor}: begin`,
  }),
);

const load = fc.tuple(visitor, some).map(([visitor, some]) =>
  actOn(`load by visitor ${visitor}`, some, async (sid, model, reality) => {
    deepStrictEqual(await reality.load(visitor, sid), model.load(visitor, sid));
  }),
);

const change = fc.tuple(visitor, key, value).map(([visitor, key, value]) =>
  act(`change ${key} to ${JSON.stringify(value)}`, visitor, async (model, reality) => {
    reality.change(visitor, key, value);
    model.change(visitor, key, value);
  }),
);

const save = visitor.map((visitor) =>
  act('save', visitor, async (model, reality) => {
    await reality.visit(visitor).save();
    model.save(visitor);
  }),
);

const touch = visitor.map((visitor) =>
  act('touch', visitor, async (model, reality) => {
    await reality.visit(visitor).touch();
    model.touch(visitor);
  }),
);

const reload = visitor.map((visitor) =>
  act('reload', visitor, async (model, reality) => {
    deepStrictEqual(await reality.reload(visitor), model.reload(visitor));
  }),
);

const destroy = visitor.map((visitor) =>
  act('destroy', visitor, async (model, reality) => {
    await reality.visit(visitor).destroy();
    model.destroy(visitor);
  }),
);

const regenerate = visitor.map((visitor) =>
  act('regenerate', visitor, async (model, reality) => {
    model.regenerate(visitor, await reality.regenerate(visitor));
  }),
);

const expire = some.map((some) =>
  actOn('expire', some, async (sid, model, reality) => {
    await reality.expire(sid);
    model.expire(sid);
  }),
);

// Mostly what makes visitors meet in one session, and seldom what ends it.
const often = [load, load, change, change, save].flatMap((command) => [command, command, command]);
const seldom = [begin, touch, reload, destroy, regenerate, expire];
const commands = fc.commands([...often, ...seldom], { maxCommands: 50, size: 'max' });

/** Gives all visitors the same session, or it would be rare that they meet in one. */
async function meet(model: Model, reality: Reality): Promise<void> {
  const sid = reality.begin(0);
  model.begin(0, sid);
  await reality.visit(0).save();
  model.save(0);
  for (let visitor = 0; visitor < visitors; visitor++) {
    deepStrictEqual(await reality.load(visitor, sid), model.load(visitor, sid));
  }
}

/** Plays random steps, so many times, and throws where the store and the model differ. */
async function play(t: ExecutionContext, numRuns: number, writeMode: 'merge' | 'replace'): Promise<void> {
  const installation = await createInstallation(t);
  // Two processes, each with half of the visitors. A touch always goes to the server, to be told of a loss.
  const stores = [1, 2].map(() => openStore(t, installation.accountUrl, { touchAfter: 0, writeMode }));
  const property = fc.asyncProperty(commands, async (commands) => {
    const [model, real] = [new Model(), new Reality(installation, stores)];
    await meet(model, real);
    await fc.asyncModelRun(() => ({ model, real }), commands);
    deepStrictEqual(await real.live(), model.live);
    deepStrictEqual(real.lost, model.lost);
  });
  await fc.assert(property, { numRuns });
}

test('Whatever requests do to their sessions, in whatever order, the store does as the model does.', async (t) => {
  t.timeout(300_000);
  await t.notThrowsAsync(Promise.all([1, 2, 3, 4].map(() => play(t, 500, 'merge'))));
});

test('A store that writes sessions whole does not do as the model does.', async (t) => {
  t.timeout(300_000);
  await t.throwsAsync(play(t, 2_000, 'replace'), { message: /^Property failed/ });
});

const { promisify } = require('node:util');

/**
 * Calls every method of a store while the clock does not move, and returns what each returned.
 * JavaScript, because Jest and Vitest run it too.
 *
 * @param load loads the package, or one of its subpaths
 * @param connection the URL of an account with the roles application and operator
 * @param fakeClock replaces the timers, and returns the function that restores them
 */
exports.callEveryMethod = async (load, connection, fakeClock) => {
  const options = { connection, disableDbCleanup: true, attributes: { user: 'string' } };
  const store = new (load('').MySQLSessionStore)(options);
  const promises = new (load('/promise').SessionStore)(options);
  const restoreClock = fakeClock();
  const results = [];
  const step = async (name, call) => {
    const result = await call();
    results.push([name, Array.isArray(result) ? result.length : (result?.user ?? result ?? null)]);
  };
  const sid = 'sid';
  const session = () => ({
    user: 'ada',
    cookie: { originalMaxAge: 60_000, expires: new Date(Date.now() + 60_000) },
  });
  const twenty = (call) => () => Promise.all(Array.from({ length: 20 }, call));
  await step('ready', () => store.ready());
  await step('set', () => store.set(sid, session()));
  await step('get', () => store.get(sid));
  await step(
    'gets',
    twenty(() => store.get(sid)),
  );
  await step('get with a callback', () => promisify((done) => store.get(sid, done))());
  const loaded = await store.get(sid);
  await step('set a loaded one', () => store.set(sid, Object.assign(loaded, { user: 'eve' })));
  await step('touch', () => store.touch(sid, session()));
  await step(
    'touches',
    twenty(() => store.touch(sid, session())),
  );
  await step('all', () => store.all());
  await step('ids', () => store.ids());
  await step('length', () => store.length());
  await step('findBy', async () => {
    const found = [];
    for await (const one of store.findBy('user', 'eve')) found.push(one);
    return found;
  });
  await step('countBy', () => store.countBy('user', 'eve'));
  await step('limitBy', () => store.limitBy('user', 'eve', { keep: 1 }));
  await step('destroyBy', () => store.destroyBy('user', 'none'));
  await step('gc', () => store.gc());
  await step('destroyStored', () => store.destroyStored(store.storedId('other')));
  await step('promise get', () => promises.get(sid));
  await step('destroy', () => store.destroy(sid));
  await step('clear', () => store.clear());
  restoreClock();
  await step('get after the clock', () => store.get(sid));
  await promises.close();
  await store.close();
  return results;
};

/** What `callEveryMethod` returns if the fake timers disturb nothing. */
exports.expectedResults = [
  ['ready', null],
  ['set', null],
  ['get', 'ada'],
  ['gets', 20],
  ['get with a callback', 'ada'],
  ['set a loaded one', null],
  ['touch', null],
  ['touches', 20],
  ['all', 1],
  ['ids', 1],
  ['length', 1],
  ['findBy', 1],
  ['countBy', 1],
  ['limitBy', 0],
  ['destroyBy', 0],
  ['gc', 0],
  ['destroyStored', null],
  ['promise get', 'eve'],
  ['destroy', null],
  ['clear', null],
  ['get after the clock', null],
];

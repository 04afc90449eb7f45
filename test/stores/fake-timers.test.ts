import test from 'ava';
import { addAttribute, grant } from '../../src/install';
import { runScript } from '../support/script';
import { createInstallation } from '../support/store';

/** Calls every method of a store while the clock does not move, and prints what each returned. */
const script = `
  const { MySQLSessionStore } = require('./src');
  const { SessionStore } = require('./src/promise');
  const fakeTimers = require('@sinonjs/fake-timers');
  const { promisify } = require('node:util');
  const options = {
    connection: process.env.ACCOUNT_URL,
    disableDbCleanup: true,
    attributes: { user: 'string' },
  };
  const store = new MySQLSessionStore(options);
  const promises = new SessionStore(options);
  const clock = fakeTimers.install(JSON.parse(process.env.FAKES));
  const results = [];
  const step = async (name, call) => {
    const result = await call();
    results.push([name, Array.isArray(result) ? result.length : (result?.user ?? result ?? null)]);
  };
  (async () => {
    const sid = 'sid';
    const session = () => ({
      user: 'ada',
      cookie: { originalMaxAge: 60_000, expires: new Date(Date.now() + 60_000) },
    });
    await step('ready', () => store.ready());
    await step('set', () => store.set(sid, session()));
    await step('get', () => store.get(sid));
    await step('gets', () => Promise.all(Array.from({ length: 20 }, () => store.get(sid))));
    await step('get with a callback', () => promisify((done) => store.get(sid, done))());
    const loaded = await store.get(sid);
    await step('set a loaded one', () => store.set(sid, Object.assign(loaded, { user: 'eve' })));
    await step('touch', () => store.touch(sid, session()));
    await step('touches', () =>
      Promise.all(Array.from({ length: 20 }, () => store.touch(sid, session()))));
    await step('all', () => store.all());
    await step('ids', () => store.ids());
    await step('length', () => store.length());
    await step('findBy', async () => {
      const found = [];
      for await (const one of store.findBy('user', 'eve')) found.push(one);
      return found;
    });
    await step('destroyBy', () => store.destroyBy('user', 'none'));
    await step('gc', () => store.gc());
    await step('destroyStored', () => store.destroyStored(store.storedId('other')));
    await step('promise get', () => promises.get(sid));
    await step('destroy', () => store.destroy(sid));
    await step('clear', () => store.clear());
    clock.uninstall();
    await step('get after the clock', () => store.get(sid));
    await promises.close();
    await store.close();
    console.log(JSON.stringify(results));
  })();
`;

for (const [library, fakes] of Object.entries({
  'sinon and vitest': {
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
      'Date',
      'performance',
      'hrtime',
      'queueMicrotask',
    ],
  },
  'a clock of another year': { now: 0, toFake: ['Date', 'performance', 'setTimeout'] },
})) {
  test(`Under fake timers as in ${library}, every method of a store works.`, async (t) => {
    const { url, accountUrl } = await createInstallation(t);
    await addAttribute({ connection: url }, { name: 'user', path: '$.user', type: 'VARCHAR(64)' });
    const user = decodeURIComponent(new URL(accountUrl).username);
    await grant({ connection: url }, `${user}@%`, 'operator');
    const { code, output } = await runScript(script, {
      ACCOUNT_URL: accountUrl,
      FAKES: JSON.stringify(fakes),
    });
    t.is(code, 0);
    t.deepEqual(JSON.parse(output), [
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
      ['destroyBy', 0],
      ['gc', 0],
      ['destroyStored', null],
      ['promise get', 'eve'],
      ['destroy', null],
      ['clear', null],
      ['get after the clock', null],
    ]);
  });
}

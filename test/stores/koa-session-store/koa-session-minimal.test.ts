import test from 'ava';
import { DatabaseError } from '../../../src/koa';
import { runScript } from '../../support/script';
import { waitUntil } from '../../support/wait-until';
import { createKoaStore } from './koa-store';

const middleware = 'koa-session-minimal';
const hour = 3_600_000;

test('get waits for the writes of its key that the caller does not await.', async (t) => {
  const { store } = await createKoaStore(t, { middleware });
  await store.ready();
  store.set('key', { visits: 1 }, hour);
  store.set('key', { visits: 2 }, hour);
  t.deepEqual(await store.get('key'), { visits: 2 });
  store.destroy('key');
  t.is(await store.get('key'), undefined);
});

test('A failed write resolves, and onWriteError gets its error.', async (t) => {
  const errors: unknown[] = [];
  const { store, query } = await createKoaStore(t, {
    middleware,
    onWriteError: (error) => errors.push(error),
  });
  await query('RENAME TABLE sessions TO elsewhere');
  await store.set('key', {}, hour);
  await store.destroy('key');
  t.is(errors.length, 2);
  t.true(errors.every((error) => error instanceof DatabaseError));
});

test('onWriteError gets the error for a wrong argument.', async (t) => {
  const errors: Error[] = [];
  const { store } = await createKoaStore(t, {
    middleware,
    onWriteError: (error) => errors.push(error as Error),
  });
  await store.set('no key\n', {}, hour);
  await store.set('key', { big: 1n }, hour);
  await store.set('key', {}, Number.NaN);
  t.deepEqual(
    errors.map(({ message }) => /`(\w+)`/.exec(message)?.[1]),
    ['sid', 'session', 'ttl'],
  );
});

test('Without onWriteError, a failed write is a process warning.', async (t) => {
  const { store, query } = await createKoaStore(t, { middleware });
  await query('RENAME TABLE sessions TO elsewhere');
  // Other tests of this file emit other warnings.
  const warnings: unknown[] = [];
  const onWarning = (warning: unknown) => warnings.push(warning);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  await store.destroy('key');
  await t.notThrowsAsync(
    waitUntil(() => warnings.some((warning) => warning instanceof DatabaseError)),
  );
});

test('An onWriteError that throws does not end the process.', async (t) => {
  const { store, query } = await createKoaStore(t, {
    middleware,
    onWriteError: () => {
      throw new Error('the handler');
    },
  });
  await query('RENAME TABLE sessions TO elsewhere');
  await t.notThrowsAsync(store.destroy('key'));
});

test('A failed get rejects its promise.', async (t) => {
  const { store, query } = await createKoaStore(t, { middleware });
  await query('RENAME TABLE sessions TO elsewhere');
  await t.throwsAsync(store.get('key'), { name: 'DatabaseError' });
});

test('A failed write of the middleware affects neither the process nor the response.', async (t) => {
  const { accountUrl, query } = await createKoaStore(t, { middleware });
  await query('DROP PROCEDURE sess_set');
  const script = `
    const Koa = require('koa');
    const session = require('koa-session-minimal');
    const { KoaSessionStore } = require('./src/koa');
    const { ACCOUNT_URL: connection } = process.env;
    const names = [];
    const store = new KoaSessionStore({
      connection, middleware: 'koa-session-minimal', onWriteError: ({ name }) => names.push(name),
    });
    const app = new Koa().use(session({ store })).use((ctx) => {
      ctx.session.visits = 1;
      ctx.body = 'served';
    });
    const server = app.listen(0, async () => {
      const { port } = server.address();
      for (let request = 0; request < 2; request++) {
        names.push(await (await fetch('http://127.0.0.1:' + port)).text());
      }
      while (names.length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
      server.close();
      await store.close();
      console.log(names.sort().join(' '));
    });
  `;
  const { code, output } = await runScript(script, { ACCOUNT_URL: accountUrl });
  t.deepEqual(
    [code, output.trim()],
    [0, 'RoutineNotGrantedError RoutineNotGrantedError served served'],
  );
});

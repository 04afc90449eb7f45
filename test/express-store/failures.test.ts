import test from 'ava';
import { DatabaseError, MySQLSessionStore, StoreClosedError } from '../../src';
import { connectionsOf } from '../connections';
import { freePort } from '../servers/port';
import { createStore, openStore, session } from '../store';

test('A server that is down reaches the callback, once, as an error.', async (t) => {
  const store = openStore(t, `mysql://app@127.0.0.1:${await freePort()}/shop`, { retryBudget: 0 });
  const calls: unknown[] = [];
  await new Promise<void>((resolve) =>
    store.get('sid', (error) => {
      calls.push(error);
      setTimeout(resolve, 50);
    }),
  );
  t.deepEqual(
    calls.map((error) => error instanceof DatabaseError && error.code),
    ['ECONNREFUSED'],
  );
});

test('A socket that is not there is an error, which express-session would take for a miss if it said ENOENT.', async (t) => {
  const store = openStore(t, 'mysql://app@localhost/shop?socketPath=/nowhere/mysqld.sock');
  const error = await t.throwsAsync(async () => store.get('sid'), { instanceOf: DatabaseError });
  t.is(error?.code, 'ERR_SOCKET_NOT_FOUND');
});

test('No error shows a session’s data or its id.', async (t) => {
  const { store, query } = await createStore(t);
  await store.set('s3cret-id', session());
  await query('DROP TABLE sessions');
  const error = await t.throwsAsync(async () => store.set('s3cret-id', session('s3cret-data')), {
    instanceOf: DatabaseError,
  });
  const shown =
    JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error?.cause) + error?.stack;
  t.notRegex(shown, /s3cret|733363726574/i);
});

test('An error says which routine failed and why, with the server’s number for it.', async (t) => {
  const { store, query } = await createStore(t);
  await query('DROP TABLE sessions');
  const noSuchTable = 1146;
  await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: DatabaseError,
    message: /^sess_get: Table .* doesn't exist$/,
  });
  const error = await store.get('sid').catch((reason: unknown) => reason);
  t.is(error instanceof DatabaseError && error.errno, noSuchTable);
});

test.serial('A failure that nobody waits for is no unhandled rejection.', async (t) => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  t.teardown(() => process.off('unhandledRejection', onRejection));
  const store = openStore(t, `mysql://app@127.0.0.1:${await freePort()}/shop`, { retryBudget: 0 });
  void store.destroy('sid');
  await t.throwsAsync(async () => store.get('sid'));
  await new Promise(setImmediate);
  t.deepEqual(rejections, []);
});

test('A connection that the server killed is replaced.', async (t) => {
  const { store, ...installation } = await createStore(t);
  await store.set('sid', session('still there'));
  const connections = await connectionsOf(installation);
  for (const id of connections) {
    await installation.query(`KILL ${id}`);
  }
  t.true(connections.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.is((await store.get('sid'))?.value, 'still there');
});

test('A closed store says that it is closed.', async (t) => {
  const { store } = await createStore(t);
  await store.close();
  await t.throwsAsync(async () => store.get('sid'), { instanceOf: StoreClosedError });
});

test('Closing a store twice is fine.', async (t) => {
  const { store } = await createStore(t);
  await store.close();
  await t.notThrowsAsync(async () => store.close());
});

test('A session whose text is no JSON object any more is an error and no crash.', async (t) => {
  const { store, query } = await createStore(t);
  await store.set('sid', session());
  await query("UPDATE sessions SET sess = '7'");
  await t.throwsAsync(async () => store.get('sid'), { name: 'SessionFormatError' });
});

test('A store is an event emitter that express-session can decorate.', (t) => {
  const store = new MySQLSessionStore({ connection: 'mysql://app@localhost/shop', disableDbCleanup: true });
  t.notThrows(() => Object.assign(store, { generate: () => {} }));
});

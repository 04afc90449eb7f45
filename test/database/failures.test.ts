import test from 'ava';
import { DatabaseError, MySQLSessionStore, StoreClosedError } from '../../src';
import { toDatabaseError } from '../../src/database/query';
import { connectionIds } from '../support/connections';
import { freePort } from '../support/servers/system';
import { createStore, openStore, session } from '../support/store';

test('If the server is down, the callback gets one error.', async (t) => {
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

const reasons = ['connect ECONNREFUSED ::1:3306', 'connect ECONNREFUSED 127.0.0.1:3306'];

for (const [what, thrown, expected] of [
  [
    'a name with several addresses has the reason of each',
    Object.assign(new AggregateError(reasons.map((reason) => new Error(reason))), {
      code: 'ECONNREFUSED',
    }),
    { message: reasons.join('; '), code: 'ECONNREFUSED' },
  ],
  [
    'a fatal failure without a code has one',
    Object.assign(new Error('Packets out of order'), { fatal: true }),
    { message: 'Packets out of order', code: 'PROTOCOL_CONNECTION_LOST' },
  ],
  [
    'a full pool has a code',
    Object.assign(new Error('Timeout acquiring a connection'), { name: 'KnexTimeoutError' }),
    { message: 'Timeout acquiring a connection', code: 'ERR_POOL_TIMEOUT' },
  ],
  ['an error without a message has its name', new TypeError(), { message: 'TypeError' }],
  ['a value that is no error has a message', undefined, { message: 'unknown failure' }],
] as const) {
  test(`The error of ${what}.`, (t) => {
    t.like(toDatabaseError(thrown), expected);
  });
}

test('A missing socket has another code than ENOENT, which express-session reads as a missing session.', async (t) => {
  const store = openStore(t, 'mysql://app@localhost/shop?socketPath=/nowhere/mysqld.sock', {
    retryBudget: 0,
  });
  const error = await t.throwsAsync(async () => store.get('sid'), { instanceOf: DatabaseError });
  t.is(error?.code, 'ERR_SOCKET_NOT_FOUND');
});

test('No error shows the data or the id of a session.', async (t) => {
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

test('An error has the routine, the reason and the error number of the server.', async (t) => {
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

test.serial('A failed call without a handler causes no unhandled rejection.', async (t) => {
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
  const connections = await connectionIds(installation);
  for (const id of connections) {
    await installation.query(`KILL ${id}`);
  }
  t.true(connections.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.is((await store.get('sid'))?.value, 'still there');
});

test('A call of a closed store throws StoreClosedError.', async (t) => {
  const { store } = await createStore(t);
  await store.close();
  await t.throwsAsync(async () => store.get('sid'), { instanceOf: StoreClosedError });
});

test('A store can be closed twice.', async (t) => {
  const { store } = await createStore(t);
  await store.close();
  await t.notThrowsAsync(async () => store.close());
});

test('A stored text that is no longer a JSON object causes an error and no crash.', async (t) => {
  const { store, query } = await createStore(t);
  await store.set('sid', session());
  await query("UPDATE sessions SET sess = '7'");
  await t.throwsAsync(async () => store.get('sid'), { name: 'SessionFormatError' });
});

test('express-session can assign its generate() to a store.', (t) => {
  const store = new MySQLSessionStore({
    connection: 'mysql://app@localhost/shop',
    disableDbCleanup: true,
  });
  t.notThrows(() => Object.assign(store, { generate: () => {} }));
});

import test from 'ava';
import { ArgumentError, KoaSessionStore, type KoaStoreOptions, StoreClosedError } from '../../src/koa';
import { createKoaStore } from './koa-store';

const connection = 'mysql://app@127.0.0.1:1/none';

for (const [what, options, argument] of [
  ['No options', undefined, 'options'],
  ['A middleware that there is not', { connection, middleware: 'koa' }, 'middleware'],
  ['A handler that is no function', { connection, onWriteError: 'log' }, 'onWriteError'],
  ['An option that does not exist', { connection, tableName: 'sessions' }, 'options'],
  ['No database', {}, 'options'],
] as const) {
  test(`${what}: refused by the name of the argument.`, (t) => {
    const open = () => new KoaSessionStore(options as unknown as KoaStoreOptions);
    t.is(t.throws(open, { instanceOf: ArgumentError }).argument, argument);
  });
}

test('The store tells, counts and clears sessions for an operator.', async (t) => {
  const { store } = await createKoaStore(t, { middleware: 'koa-generic-session' });
  await store.set('one', { user: 'Ada' }, 60_000);
  t.deepEqual(await store.ids(), ['one']);
  t.deepEqual(await store.all(), [{ id: 'one', user: 'Ada' }]);
  t.is(await store.length(), 1);
  t.is(await store.gc(), 0);
  await store.clear();
  t.is(await store.length(), 0);
});

test('A closed store fails with an error of its own.', async (t) => {
  const { store } = await createKoaStore(t);
  await store.close();
  await t.throwsAsync(store.get('key', 1, { ctx: {} }), { instanceOf: StoreClosedError });
});

import test from 'ava';
import {
  ArgumentError,
  KoaSessionStore,
  type KoaStoreOptions,
  StoreClosedError,
} from '../../../src/koa';
import { createKoaStore } from './koa-store';

const connection = 'mysql://app@127.0.0.1:1/none';

for (const [what, options, argument] of [
  ['missing options', undefined, 'options'],
  ['an unknown middleware', { connection, middleware: 'koa' }, 'middleware'],
  ['an onWriteError that is not a function', { connection, onWriteError: 'log' }, 'onWriteError'],
  ['an unknown option', { connection, tableName: 'sessions' }, 'options'],
  ['options without a database', {}, 'options'],
] as const) {
  test(`The error for ${what} names ${argument}.`, (t) => {
    const open = () => new KoaSessionStore(options as unknown as KoaStoreOptions);
    t.is(t.throws(open, { instanceOf: ArgumentError }).argument, argument);
  });
}

test('ids, all and length list and count the sessions, and clear deletes them.', async (t) => {
  const { store } = await createKoaStore(t, { middleware: 'koa-generic-session' });
  await store.set('one', { user: 'Ada' }, 60_000);
  t.deepEqual(await store.ids(), ['one']);
  t.deepEqual(await store.all(), [{ id: 'one', user: 'Ada' }]);
  t.is(await store.length(), 1);
  t.is(await store.gc(), 0);
  await store.clear();
  t.is(await store.length(), 0);
});

test('A closed store rejects calls with a StoreClosedError.', async (t) => {
  const { store } = await createKoaStore(t);
  await store.close();
  await t.throwsAsync(store.get('key', 1, { ctx: {} }), { instanceOf: StoreClosedError });
});

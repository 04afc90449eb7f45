import { once } from 'node:events';
import test from 'ava';
import { DatabaseError } from '../../src/koa';
import { createKoaStore } from './koa-store';

const middleware = 'koa-session-minimal';
const hour = 3_600_000;

test('A read waits for the writes of its key that nobody waited for.', async (t) => {
  const { store } = await createKoaStore(t, { middleware });
  await store.ready();
  store.set('key', { visits: 1 }, hour);
  store.set('key', { visits: 2 }, hour);
  t.deepEqual(await store.get('key'), { visits: 2 });
  store.destroy('key');
  t.is(await store.get('key'), undefined);
});

test('A write that failed resolves, and its error goes to onWriteError.', async (t) => {
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

test('Bad input to a write goes to onWriteError too.', async (t) => {
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

test('Without onWriteError it is a warning of the process.', async (t) => {
  const { store, query } = await createKoaStore(t, { middleware });
  await query('RENAME TABLE sessions TO elsewhere');
  const warned = once(process, 'warning');
  await store.destroy('key');
  const [warning] = await warned;
  t.true(warning instanceof DatabaseError);
});

test('An onWriteError that throws takes nothing down.', async (t) => {
  const { store, query } = await createKoaStore(t, {
    middleware,
    onWriteError: () => {
      throw new Error('the handler');
    },
  });
  await query('RENAME TABLE sessions TO elsewhere');
  await t.notThrowsAsync(store.destroy('key'));
});

test('A read that fails is a rejection, for which the middleware waits.', async (t) => {
  const { store, query } = await createKoaStore(t, { middleware });
  await query('RENAME TABLE sessions TO elsewhere');
  await t.throwsAsync(store.get('key'), { name: 'DatabaseError' });
});

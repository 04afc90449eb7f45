import test from 'ava';
import { ArgumentError, MySQLSessionStore } from '../../src';
import { createPooledStore, session } from '../support/store';
import { loadVisit, saveNewSession } from '../support/visit';

test('A transaction is refused with the remedy.', async (t) => {
  const { pool } = await createPooledStore(t);
  await pool.transaction(async (transaction) => {
    t.throws(() => new MySQLSessionStore({ knex: transaction }), {
      instanceOf: ArgumentError,
      message:
        'Expected `knex` to be the knex instance itself: each call of the store is its own ' +
        'transaction, got a transaction of it',
    });
  });
});

/** What the application may have done to a connection before it returned it to the pool. */
const leftovers: Record<string, string> = {
  'an open transaction': 'START TRANSACTION',
  'an old view of the data': 'START TRANSACTION WITH CONSISTENT SNAPSHOT',
  'autocommit off': 'SET SESSION autocommit = 0',
  'a chain of transactions': "SET SESSION completion_type = 'CHAIN'",
  'connections that end with a transaction': "SET SESSION completion_type = 'RELEASE'",
  'a clock that does not move': 'SET SESSION timestamp = 1000000000',
};

for (const [what, statement] of Object.entries(leftovers)) {
  test(`After the application left ${what}, every save and logout is kept.`, async (t) => {
    const { store, pool, query } = await createPooledStore(t);
    const kept = await saveNewSession(store, { value: 'before' });
    const ended = await saveNewSession(store);
    // Each call meets a connection in this state. What it did must be committed when it returns:
    // the next statement of the application could commit it, or roll it back.
    const spoil = () => pool.raw(statement);
    const stored = () =>
      query("SELECT sid, JSON_VALUE(sess, '$.value') FROM sessions ORDER BY sid = 'new', sid = ?", [
        ended,
      ]);
    await spoil();
    const visit = await loadVisit(store, kept);
    visit.session.value = 'one key';
    await spoil();
    await visit.save();
    t.deepEqual((await stored())[0], [kept, 'one key']);
    Object.assign(visit.session, { value: 'two keys', other: 1 });
    await spoil();
    await visit.save();
    t.deepEqual((await stored())[0], [kept, 'two keys']);
    await spoil();
    await store.destroy(ended);
    t.deepEqual(await stored(), [[kept, 'two keys']]);
    await spoil();
    await store.set('new', session());
    t.deepEqual((await stored())[1], ['new', null]);
    await spoil();
    t.is(await store.get(ended), null);
  });
}

import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { CallEvent, CleanupEvent, LostEvent } from '../../src';
import { startProxy } from '../support/proxy';
import { createInstallation, createStore, openStore, session, setExpiry } from '../support/store';
import { loadVisit, saveNewSession } from '../support/visit';

// The tests are serial: all share the channels of the process.
function listen<Event>(t: ExecutionContext, name: 'call' | 'cleanup' | 'lost'): Event[] {
  const events: Event[] = [];
  const listener = (event: unknown) => events.push(event as Event);
  subscribe(`knex-mysql-session:${name}`, listener);
  t.teardown(() => unsubscribe(`knex-mysql-session:${name}`, listener));
  return events;
}

const hashOf = (sid: string) => createHash('sha256').update(sid).digest('hex');

test.serial('The call channel reports each call of a routine.', async (t) => {
  const { store } = await createStore(t);
  await store.ready();
  const calls = listen<CallEvent>(t, 'call');
  await store.set('sid', session());
  await store.destroy('sid');
  t.true(calls.every(({ duration }) => duration > 0));
  t.deepEqual(
    calls.map(({ duration, ...rest }) => rest),
    ['sess_set', 'sess_destroy'].map((routine) => ({
      routine,
      retries: 0,
      outcome: 'ok',
      error: undefined,
    })),
  );
});

test.serial(
  'The event of a retried call has the number of retries and the total duration.',
  async (t) => {
    const { accountUrl } = await createInstallation(t);
    const proxy = await startProxy(t, accountUrl);
    const store = openStore(t, proxy.url);
    await store.ready();
    const calls = listen<CallEvent>(t, 'call');
    proxy.cut();
    const saved = store.set('sid', session());
    await sleep(300);
    proxy.restore();
    await saved;
    // Each new connection is asked which server it leads to.
    const [call, ...others] = calls.filter(({ routine }) => routine !== 'sess_version');
    t.is(others.length, 0);
    t.like(call, { routine: 'sess_set', outcome: 'ok' });
    t.true((call?.retries ?? 0) > 1);
    t.true((call?.duration ?? 0) > 290);
  },
);

test.serial('The event of a failed call has the error.', async (t) => {
  const { store, query } = await createStore(t);
  await store.ready();
  const calls = listen<CallEvent>(t, 'call');
  await query('RENAME TABLE sessions TO elsewhere');
  const error = await t.throwsAsync(async () => store.set('sid', session()));
  t.like(calls[0], { routine: 'sess_set', retries: 0, outcome: 'error' });
  t.is(calls[0]?.error, error);
});

test.serial('The event of a cleanup has the number of deleted sessions.', async (t) => {
  const { store, ...database } = await createStore(t);
  for (const sid of ['a', 'b', 'c']) {
    await store.set(sid, session());
  }
  await setExpiry(database, -1);
  const cleanups = listen<CleanupEvent>(t, 'cleanup');
  await store.gc();
  t.like(cleanups, [{ deleted: 3, overdueMs: null, outcome: 'ok', error: undefined }]);
  t.true((cleanups[0]?.duration ?? 0) > 0);
});

test.serial('The event of a failed cleanup has the error.', async (t) => {
  const { store, query } = await createStore(t);
  await store.ready();
  const cleanups = listen<CleanupEvent>(t, 'cleanup');
  await query('RENAME TABLE sessions TO elsewhere');
  const error = await t.throwsAsync(() => store.gc());
  t.like(cleanups, [{ deleted: 0, overdueMs: null, outcome: 'error' }]);
  t.is(cleanups[0]?.error, error);
});

for (const hashIds of [false, true]) {
  test.serial(
    `The event of a lost session has only the hash of its id, with hashIds: ${hashIds}.`,
    async (t) => {
      const { store } = await createStore(t, { hashIds });
      const sid = await saveNewSession(store, { value: 'first' });
      const visit = await loadVisit(store, sid);
      await store.destroy(sid);
      const losses = listen<LostEvent>(t, 'lost');
      visit.session.value = 'second';
      await visit.save();
      t.deepEqual(losses, [{ id: hashOf(sid) }]);
    },
  );
}

test.serial('No event shows an id or the data of a session.', async (t) => {
  const { store } = await createStore(t);
  const lists = (['call', 'cleanup', 'lost'] as const).map((name) => listen<object>(t, name));
  const sid = await saveNewSession(store, { value: 'confidential' });
  const visit = await loadVisit(store, sid);
  await visit.touch();
  await store.destroy(sid);
  visit.session.value = 'confidential too';
  await visit.save();
  await store.gc();
  t.true(lists.every((events) => events.length > 0));
  const text = JSON.stringify(lists);
  t.false(text.includes(sid));
  t.false(text.includes('confidential'));
});

import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { CallEvent, CleanupEvent, LostEvent } from '../../src';
import { startProxy } from '../faults/proxy';
import { createInstallation, createStore, moveExpiry, openStore, session } from '../store';
import { begun, loaded } from './visit';

// A channel is the whole process's: so the tests come one after another.
function listen<Event>(t: ExecutionContext, name: 'call' | 'cleanup' | 'lost'): Event[] {
  const events: Event[] = [];
  const note = (event: unknown) => events.push(event as Event);
  subscribe(`knex-mysql-session:${name}`, note);
  t.teardown(() => unsubscribe(`knex-mysql-session:${name}`, note));
  return events;
}

const hashOf = (sid: string) => createHash('sha256').update(sid).digest('hex');

test.serial('Each call of a routine is told of.', async (t) => {
  const { store } = await createStore(t);
  await store.ready();
  const calls = listen<CallEvent>(t, 'call');
  await store.set('sid', session());
  await store.destroy('sid');
  t.true(calls.every(({ duration }) => duration > 0));
  t.deepEqual(
    calls.map(({ duration, ...rest }) => rest),
    ['sess_set', 'sess_destroy'].map((routine) => ({ routine, retries: 0, outcome: 'ok', error: undefined })),
  );
});

test.serial('A call that was repeated says how often, and how long all of it took.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const proxy = await startProxy(t, accountUrl);
  const store = openStore(t, proxy.url);
  await store.ready();
  const calls = listen<CallEvent>(t, 'call');
  proxy.cut();
  const saved = store.set('sid', session());
  await sleep(300);
  proxy.mend();
  await saved;
  t.is(calls.length, 1);
  t.like(calls[0], { routine: 'sess_set', outcome: 'ok' });
  t.true((calls[0]?.retries ?? 0) > 1);
  t.true((calls[0]?.duration ?? 0) > 290);
});

test.serial('A call that failed says with what.', async (t) => {
  const { store, query } = await createStore(t);
  await store.ready();
  const calls = listen<CallEvent>(t, 'call');
  await query('RENAME TABLE sessions TO elsewhere');
  const error = await t.throwsAsync(async () => store.set('sid', session()));
  t.like(calls[0], { routine: 'sess_set', retries: 0, outcome: 'error' });
  t.is(calls[0]?.error, error);
});

test.serial('A cleanup says how many sessions it deleted.', async (t) => {
  const { store, ...database } = await createStore(t);
  for (const sid of ['a', 'b', 'c']) {
    await store.set(sid, session());
  }
  await moveExpiry(database, -1);
  const cleanups = listen<CleanupEvent>(t, 'cleanup');
  await store.gc();
  t.like(cleanups, [{ deleted: 3, busy: false, outcome: 'ok', error: undefined }]);
  t.true((cleanups[0]?.duration ?? 0) > 0);
});

test.serial('A cleanup that failed says with what.', async (t) => {
  const { store, query } = await createStore(t);
  await store.ready();
  const cleanups = listen<CleanupEvent>(t, 'cleanup');
  await query('RENAME TABLE sessions TO elsewhere');
  const error = await t.throwsAsync(() => store.gc());
  t.like(cleanups, [{ deleted: 0, busy: false, outcome: 'error' }]);
  t.is(cleanups[0]?.error, error);
});

for (const hashIds of [false, true]) {
  test.serial(`A lost session is told of by its hash alone, hashIds: ${hashIds}.`, async (t) => {
    const { store } = await createStore(t, { hashIds });
    const sid = await begun(store, { value: 'first' });
    const visit = await loaded(store, sid);
    await store.destroy(sid);
    const losses = listen<LostEvent>(t, 'lost');
    visit.session.value = 'second';
    await visit.save();
    t.deepEqual(losses, [{ id: hashOf(sid) }]);
  });
}

test.serial('No event shows an id, or what is in a session.', async (t) => {
  const { store } = await createStore(t);
  const lists = (['call', 'cleanup', 'lost'] as const).map((name) => listen<object>(t, name));
  const sid = await begun(store, { value: 'confidential' });
  const visit = await loaded(store, sid);
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

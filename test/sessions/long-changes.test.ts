import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import test, { type ExecutionContext } from 'ava';
import type { CallEvent } from '../../src';
import { createStore } from '../support/store';
import { loadVisit, saveNewSession } from '../support/visit';

/** Records the names of the routines that are called. */
function recordCalls(t: ExecutionContext): string[] {
  const routines: string[] = [];
  const record = (message: unknown) => routines.push((message as CallEvent).routine);
  subscribe('knex-mysql-session:call', record);
  t.teardown(() => unsubscribe('knex-mysql-session:call', record));
  return routines;
}

function keys(count: number, value: unknown): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`key-${n}`, value]));
}

test.serial(
  'A few changed keys are merged. Thousands are saved with the whole session.',
  async (t) => {
    const { store } = await createStore(t);
    const sid = await saveNewSession(store, keys(4_000, 'before'));
    const routines = recordCalls(t);
    const few = await loadVisit(store, sid);
    Object.assign(few.session, keys(3, 'few'));
    await few.save();
    t.deepEqual(routines.splice(0), ['sess_get', 'sess_merge']);
    const many = await loadVisit(store, sid);
    Object.assign(many.session, keys(4_000, 'many'));
    await many.save();
    t.deepEqual(routines, ['sess_get', 'sess_merge', 'sess_update']);
    t.like((await loadVisit(store, sid)).session, keys(4_000, 'many'));
  },
);

test.serial('A session that is saved whole is never created again.', async (t) => {
  const { store, query } = await createStore(t);
  const sid = await saveNewSession(store);
  const visit = await loadVisit(store, sid);
  await store.destroy(sid);
  Object.assign(visit.session, keys(4_000, 'after the logout'));
  await visit.save();
  t.deepEqual(await query('SELECT sid FROM sessions'), []);
});

test.serial('Removed keys count for the length of a statement.', async (t) => {
  const { store, query } = await createStore(t);
  // With one byte a value, names make most of the session.
  const [row] = await query('SELECT @@global.max_allowed_packet');
  const packet = Number(row?.[0]);
  const name = 'n'.repeat(60_000);
  const removed = Object.fromEntries(
    Array.from({ length: Math.floor((packet * 0.3) / name.length) }, (_, n) => [`${name}${n}`, 1]),
  );
  const sid = await saveNewSession(store, removed);
  const visit = await loadVisit(store, sid);
  for (const key of Object.keys(removed)) Reflect.deleteProperty(visit.session, key);
  visit.session.value = 'x'.repeat(Math.floor(packet * 0.3));
  await visit.save();
  const { session } = await loadVisit(store, sid);
  t.is(String(session.value).length, Math.floor(packet * 0.3));
  t.deepEqual(Object.keys(session).sort(), ['cookie', 'value']);
});

import { once } from 'node:events';
import test from 'ava';
import type { MySQLSessionStore } from '../../src';
import type { TestDatabase } from '../support/database';
import { createStore, idsIn, session, setExpiry } from '../support/store';
import { loadVisit, saveNewSession, Visit } from '../support/visit';

const acts: Record<string, (visit: Visit) => Promise<void>> = {
  save: (visit) => {
    visit.session.value = 'changed';
    return visit.save();
  },
  touch: (visit) => visit.touch(),
  'second save': async (visit) => {
    visit.session.value = 'changed';
    await visit.save();
    visit.session.value = 'changed again';
    await visit.save();
  },
};

const ends: Record<
  string,
  (store: MySQLSessionStore, sid: string, database: TestDatabase) => Promise<void>
> = {
  'was destroyed': (store, sid) => store.destroy(sid),
  expired: (_store, _sid, database) => setExpiry(database, -1),
};

for (const [act, begin] of Object.entries(acts)) {
  for (const [end, finish] of Object.entries(ends)) {
    test(`A ${act} does not create a session again that ${end} after it was loaded.`, async (t) => {
      // With 0, each touch calls the server.
      const { store, ...database } = await createStore(t, { touchAfter: 0 });
      const sid = await saveNewSession(store);
      const visit = await loadVisit(store, sid);
      await finish(store, sid, database);
      await begin(visit);
      t.is(await store.get(sid), null);
    });
  }
}

for (const [act, begin] of Object.entries(acts)) {
  test(`A ${act} of a session that is gone emits lost.`, async (t) => {
    const { store } = await createStore(t, { touchAfter: 0 });
    const visit = await loadVisit(store, await saveNewSession(store));
    await store.destroy(visit.sid);
    const [[sid, lost]] = await Promise.all([once(store, 'lost'), begin(visit)]);
    t.is(sid, visit.sid);
    t.is(lost, visit.session);
  });
}

test('A second save does not create a session again that was created and destroyed.', async (t) => {
  const { store, ...database } = await createStore(t);
  const visit = Visit.first(store);
  await visit.save();
  await store.destroy(visit.sid);
  visit.session.value = 'changed';
  await visit.save();
  t.deepEqual(await idsIn(database), []);
});

test('A session that is destroyed while it is created is gone afterwards.', async (t) => {
  const { store, ...database } = await createStore(t);
  const visits = Array.from({ length: 50 }, () => Visit.first(store));
  await Promise.all(visits.flatMap((visit) => [visit.save(), store.destroy(visit.sid)]));
  t.deepEqual(await idsIn(database), []);
});

test('A save does not create a session again after its reload failed.', async (t) => {
  const { store, ...database } = await createStore(t);
  const visit = await loadVisit(store, await saveNewSession(store));
  await store.destroy(visit.sid);
  await t.throwsAsync(visit.reload(), { message: 'failed to load session' });
  visit.session.value = 'changed';
  await visit.save();
  t.deepEqual(await idsIn(database), []);
});

test('A regenerated session has a new row, and the old row stays deleted.', async (t) => {
  const { store, ...database } = await createStore(t);
  const old = await saveNewSession(store);
  const inFlight = await loadVisit(store, old);
  const visit = await loadVisit(store, old);
  await visit.regenerate();
  visit.session.value = 'changed';
  await visit.save();
  inFlight.session.value = 'changed';
  await inFlight.save();
  t.deepEqual(await idsIn(database), [visit.sid]);
  t.not(visit.sid, old);
});

test('A regenerated session can be created again under an id that the application chose.', async (t) => {
  const { store, ...database } = await createStore(t);
  const sid = await saveNewSession(store);
  const visit = await loadVisit(store, sid);
  await visit.regenerate();
  // Like an application whose `genid` returns a fixed id for each user.
  await new Promise((resolve) => store.set(sid, visit.session as never, resolve));
  t.deepEqual(await idsIn(database), [sid]);
});

test('A plain object counts as the session that the last get of its id returned.', async (t) => {
  const { store, ...database } = await createStore(t);
  await store.set('sid', session(1));
  await store.get('sid');
  await store.destroy('sid');
  await store.set('sid', session(2));
  t.deepEqual(await idsIn(database), []);
  await store.get('sid');
  await store.set('sid', session(3));
  t.deepEqual(await idsIn(database), ['sid']);
});

test('Without a get before it, each set of a plain object creates the session.', async (t) => {
  const { store, ...database } = await createStore(t);
  const same = session(1);
  await store.set('sid', same);
  await store.destroy('sid');
  await store.set('sid', same);
  t.deepEqual(await idsIn(database), ['sid']);
});

test('A loaded session that is set under another id replaces the session there.', async (t) => {
  const { store, ...database } = await createStore(t);
  await store.set('sid', session(1));
  const found = await store.get('sid');
  t.truthy(found);
  if (found) {
    await store.set('other', found);
    t.deepEqual((await idsIn(database)).sort(), ['other', 'sid']);
    await store.set('third', Object.assign(session(), { secret: 1 }));
    await store.set('third', found);
    t.false('secret' in ((await store.get('third')) ?? {}));
  }
});

test('A save of a session that is gone is no error.', async (t) => {
  const { store } = await createStore(t);
  const visit = await loadVisit(store, await saveNewSession(store));
  await store.destroy(visit.sid);
  visit.session.value = 'changed';
  await t.notThrowsAsync(visit.save());
});

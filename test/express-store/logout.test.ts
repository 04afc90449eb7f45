import { once } from 'node:events';
import test from 'ava';
import type { MySQLSessionStore } from '../../src';
import type { TestDatabase } from '../database';
import { createStore, idsIn, moveExpiry, session } from '../store';
import { begun, loaded, Visit } from './visit';

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

const ends: Record<string, (store: MySQLSessionStore, sid: string, database: TestDatabase) => Promise<void>> =
  {
    'was destroyed': (store, sid) => store.destroy(sid),
    'has expired': (_store, _sid, database) => moveExpiry(database, -1),
  };

for (const [act, begin] of Object.entries(acts)) {
  for (const [end, finish] of Object.entries(ends)) {
    test(`The ${act} of a session that ${end} since it was loaded does not bring it back.`, async (t) => {
      // A touch goes to the server, however young the session is.
      const { store, ...database } = await createStore(t, { touchAfter: 0 });
      const sid = await begun(store);
      const visit = await loaded(store, sid);
      await finish(store, sid, database);
      await begin(visit);
      t.is(await store.get(sid), null);
    });
  }
}

for (const [act, begin] of Object.entries(acts)) {
  test(`The ${act} of a session that is gone says so to whoever listens.`, async (t) => {
    const { store } = await createStore(t, { touchAfter: 0 });
    const visit = await loaded(store, await begun(store));
    await store.destroy(visit.sid);
    const [[sid, lost]] = await Promise.all([once(store, 'lost'), begin(visit)]);
    t.is(sid, visit.sid);
    t.is(lost, visit.session);
  });
}

test('A session that was just created and destroyed is not brought back by a second save.', async (t) => {
  const { store, ...database } = await createStore(t);
  const visit = Visit.first(store);
  await visit.save();
  await store.destroy(visit.sid);
  visit.session.value = 'changed';
  await visit.save();
  t.deepEqual(await idsIn(database), []);
});

test('A session that is destroyed while it is being created is gone afterwards.', async (t) => {
  const { store, ...database } = await createStore(t);
  const visits = Array.from({ length: 50 }, () => Visit.first(store));
  await Promise.all(visits.flatMap((visit) => [visit.save(), store.destroy(visit.sid)]));
  t.deepEqual(await idsIn(database), []);
});

test('A reload of a session that is gone says so, and the save after it brings nothing back.', async (t) => {
  const { store, ...database } = await createStore(t);
  const visit = await loaded(store, await begun(store));
  await store.destroy(visit.sid);
  await t.throwsAsync(visit.reload(), { message: 'failed to load session' });
  visit.session.value = 'changed';
  await visit.save();
  t.deepEqual(await idsIn(database), []);
});

test('A regenerated session is created, and the old one stays gone.', async (t) => {
  const { store, ...database } = await createStore(t);
  const old = await begun(store);
  const inFlight = await loaded(store, old);
  const visit = await loaded(store, old);
  await visit.regenerate();
  visit.session.value = 'changed';
  await visit.save();
  inFlight.session.value = 'changed';
  await inFlight.save();
  t.deepEqual(await idsIn(database), [visit.sid]);
  t.not(visit.sid, old);
});

test('A session under an id that an application chose itself is created again after it was regenerated.', async (t) => {
  const { store, ...database } = await createStore(t);
  const sid = await begun(store);
  const visit = await loaded(store, sid);
  await visit.regenerate();
  // As a genid would do that gives everybody an id of their own.
  await new Promise((resolve) => store.set(sid, visit.session as never, resolve));
  t.deepEqual(await idsIn(database), [sid]);
});

test('A session of another class is known by what the last get of its id found.', async (t) => {
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

test('A session that a script sets without loading it is created each time.', async (t) => {
  const { store, ...database } = await createStore(t);
  const same = session(1);
  await store.set('sid', same);
  await store.destroy('sid');
  await store.set('sid', same);
  t.deepEqual(await idsIn(database), ['sid']);
});

test('A loaded session that is set under another id is created there, and what lives there is replaced.', async (t) => {
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

test('Whoever saves a session that is gone gets no error.', async (t) => {
  const { store } = await createStore(t);
  const visit = await loaded(store, await begun(store));
  await store.destroy(visit.sid);
  visit.session.value = 'changed';
  await t.notThrowsAsync(visit.save());
});

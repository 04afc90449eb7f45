import test from 'ava';
import { createStore, openStore, session } from '../support/store';
import { loadVisit, saveNewSession, Visit } from '../support/visit';

async function data({ store }: Awaited<ReturnType<typeof createStore>>, sid: string) {
  const { cookie: _, ...rest } = (await store.get(sid)) ?? { cookie: undefined };
  return rest;
}

test('Two requests that change different keys keep both changes.', async (t) => {
  const created = await createStore(t);
  const sid = await saveNewSession(created.store, { a: 1, b: 1 });
  const [one, other] = [await loadVisit(created.store, sid), await loadVisit(created.store, sid)];
  Object.assign(one.session, { a: 2 });
  Object.assign(other.session, { b: 2 });
  await Promise.all([one.save(), other.save()]);
  t.deepEqual(await data(created, sid), { a: 2, b: 2 });
});

test("Requests in two processes keep each other's changes.", async (t) => {
  const created = await createStore(t);
  const sid = await saveNewSession(created.store, { a: 1 });
  const elsewhere = openStore(t, created.accountUrl);
  const [one, other] = [await loadVisit(created.store, sid), await loadVisit(elsewhere, sid)];
  Object.assign(one.session, { a: 2 });
  Object.assign(other.session, { b: 2 });
  await Promise.all([one.save(), other.save()]);
  t.deepEqual(await data(created, sid), { a: 2, b: 2 });
});

test('A key that one request removed stays removed when another request saves.', async (t) => {
  const created = await createStore(t);
  const sid = await saveNewSession(created.store, { a: 1, b: 1 });
  const [one, other] = [await loadVisit(created.store, sid), await loadVisit(created.store, sid)];
  Reflect.deleteProperty(one.session, 'a');
  Object.assign(other.session, { b: 2 });
  await one.save();
  await other.save();
  t.deepEqual(await data(created, sid), { b: 2 });
});

test('If two requests change the same key, the later save wins.', async (t) => {
  const created = await createStore(t);
  const sid = await saveNewSession(created.store, { a: 1 });
  const [one, other] = [await loadVisit(created.store, sid), await loadVisit(created.store, sid)];
  Object.assign(one.session, { a: 'one' });
  Object.assign(other.session, { a: 'other' });
  await other.save();
  await one.save();
  t.deepEqual(await data(created, sid), { a: 'one' });
});

test('A second save in a request can undo the first.', async (t) => {
  const created = await createStore(t);
  const visit = await loadVisit(created.store, await saveNewSession(created.store, { a: 1 }));
  Object.assign(visit.session, { a: 2 });
  await visit.save();
  Object.assign(visit.session, { a: 1 });
  await visit.save();
  t.deepEqual(await data(created, visit.sid), { a: 1 });
});

test('If a request starts several saves at once, the last one wins.', async (t) => {
  const created = await createStore(t);
  const visit = Visit.first(created.store);
  const saves = Array.from({ length: 20 }, (_, n) => {
    Object.assign(visit.session, { a: n });
    return visit.save();
  });
  await Promise.all(saves);
  t.deepEqual(await data(created, visit.sid), { a: 19 });
});

test('A change whose save failed is saved by the next save.', async (t) => {
  const created = await createStore(t);
  const visit = await loadVisit(created.store, await saveNewSession(created.store));
  Object.assign(visit.session, { a: 1, b: '\ud800' });
  await t.throwsAsync(visit.save(), { message: /surrogate/ });
  Object.assign(visit.session, { b: 2 });
  await visit.save();
  t.deepEqual(await data(created, visit.sid), { a: 1, b: 2 });
});

test('A change during a save is saved by the next save.', async (t) => {
  const created = await createStore(t);
  const visit = await loadVisit(created.store, await saveNewSession(created.store));
  Object.assign(visit.session, { a: 'saved' });
  const saving = visit.save();
  Object.assign(visit.session, { a: 'changed' });
  await saving;
  t.deepEqual(await data(created, visit.sid), { a: 'saved' });
  await visit.save();
  t.deepEqual(await data(created, visit.sid), { a: 'changed' });
});

test('Keys that express-session hides from the application are not removed.', async (t) => {
  const created = await createStore(t);
  const reserved = { id: 1, req: 2, touch: 3, save: 4, constructor: 5, a: 1 };
  await created.store.set('sid', Object.assign(session(), reserved));
  const visit = await loadVisit(created.store, 'sid');
  Object.assign(visit.session, { a: 2 });
  await visit.save();
  t.deepEqual(await data(created, 'sid'), { ...reserved, a: 2 });
});

test('Another maxAge of the cookie is saved.', async (t) => {
  const { store } = await createStore(t);
  const visit = await loadVisit(store, await saveNewSession(store));
  visit.session.cookie.maxAge = 3_600_000;
  await visit.save();
  t.is((await store.get(visit.sid))?.cookie.originalMaxAge, 3_600_000);
});

test('With writeMode replace, a save replaces all keys.', async (t) => {
  const created = await createStore(t, { writeMode: 'replace' });
  const sid = await saveNewSession(created.store, { a: 1, b: 1 });
  const [one, other] = [await loadVisit(created.store, sid), await loadVisit(created.store, sid)];
  Object.assign(one.session, { a: 2 });
  Object.assign(other.session, { b: 2 });
  await one.save();
  await other.save();
  t.deepEqual(await data(created, sid), { a: 1, b: 2 });
});

test('With a custom serializer, a save replaces all keys, and never creates the session again.', async (t) => {
  const serializer = {
    stringify: (value: object) => JSON.stringify({ wrapped: JSON.stringify(value) }),
    parse: (text: string) => JSON.parse(JSON.parse(text).wrapped),
  };
  const created = await createStore(t, { serializer });
  const visit = await loadVisit(created.store, await saveNewSession(created.store, { a: 1 }));
  Object.assign(visit.session, { a: 2 });
  await visit.save();
  t.deepEqual(await data(created, visit.sid), { a: 2 });
  await created.store.destroy(visit.sid);
  Object.assign(visit.session, { a: 3 });
  await visit.save();
  t.is(await created.store.get(visit.sid), null);
});

import test from 'ava';
import { createStore, openStore, session } from '../store';
import { begun, loaded, Visit } from './visit';

async function data({ store }: Awaited<ReturnType<typeof createStore>>, sid: string) {
  const { cookie: _, ...rest } = (await store.get(sid)) ?? { cookie: undefined };
  return rest;
}

test('Two requests that change different keys keep both changes.', async (t) => {
  const created = await createStore(t);
  const sid = await begun(created.store, { a: 1, b: 1 });
  const [one, other] = [await loaded(created.store, sid), await loaded(created.store, sid)];
  Object.assign(one.session, { a: 2 });
  Object.assign(other.session, { b: 2 });
  await Promise.all([one.save(), other.save()]);
  t.deepEqual(await data(created, sid), { a: 2, b: 2 });
});

test('Requests in two processes keep the changes of one another.', async (t) => {
  const created = await createStore(t);
  const sid = await begun(created.store, { a: 1 });
  const elsewhere = openStore(t, created.accountUrl);
  const [one, other] = [await loaded(created.store, sid), await loaded(elsewhere, sid)];
  Object.assign(one.session, { a: 2 });
  Object.assign(other.session, { b: 2 });
  await Promise.all([one.save(), other.save()]);
  t.deepEqual(await data(created, sid), { a: 2, b: 2 });
});

test('A key that one request removed stays removed when another saves.', async (t) => {
  const created = await createStore(t);
  const sid = await begun(created.store, { a: 1, b: 1 });
  const [one, other] = [await loaded(created.store, sid), await loaded(created.store, sid)];
  Reflect.deleteProperty(one.session, 'a');
  Object.assign(other.session, { b: 2 });
  await one.save();
  await other.save();
  t.deepEqual(await data(created, sid), { b: 2 });
});

test('Of two requests that change the same key, the later one wins.', async (t) => {
  const created = await createStore(t);
  const sid = await begun(created.store, { a: 1 });
  const [one, other] = [await loaded(created.store, sid), await loaded(created.store, sid)];
  Object.assign(one.session, { a: 'one' });
  Object.assign(other.session, { a: 'other' });
  await other.save();
  await one.save();
  t.deepEqual(await data(created, sid), { a: 'one' });
});

test('A second save in a request takes back what the first one wrote.', async (t) => {
  const created = await createStore(t);
  const visit = await loaded(created.store, await begun(created.store, { a: 1 }));
  Object.assign(visit.session, { a: 2 });
  await visit.save();
  Object.assign(visit.session, { a: 1 });
  await visit.save();
  t.deepEqual(await data(created, visit.sid), { a: 1 });
});

test('Of several saves of a request that nobody waited for, the last one counts.', async (t) => {
  const created = await createStore(t);
  const visit = Visit.first(created.store);
  const saves = Array.from({ length: 20 }, (_, n) => {
    Object.assign(visit.session, { a: n });
    return visit.save();
  });
  await Promise.all(saves);
  t.deepEqual(await data(created, visit.sid), { a: 19 });
});

test('A change that failed to be saved is saved with the next one.', async (t) => {
  const created = await createStore(t);
  const visit = await loaded(created.store, await begun(created.store));
  Object.assign(visit.session, { a: 1, b: '\ud800' });
  await t.throwsAsync(visit.save(), { message: /surrogate/ });
  Object.assign(visit.session, { b: 2 });
  await visit.save();
  t.deepEqual(await data(created, visit.sid), { a: 1, b: 2 });
});

test('What is changed while a save is under way is left to the next one.', async (t) => {
  const created = await createStore(t);
  const visit = await loaded(created.store, await begun(created.store));
  Object.assign(visit.session, { a: 'saved' });
  const saving = visit.save();
  Object.assign(visit.session, { a: 'changed' });
  await saving;
  t.deepEqual(await data(created, visit.sid), { a: 'saved' });
  await visit.save();
  t.deepEqual(await data(created, visit.sid), { a: 'changed' });
});

test('Keys that express-session keeps from the application are not taken for removed.', async (t) => {
  const created = await createStore(t);
  const reserved = { id: 1, req: 2, touch: 3, save: 4, constructor: 5, a: 1 };
  await created.store.set('sid', Object.assign(session(), reserved));
  const visit = await loaded(created.store, 'sid');
  Object.assign(visit.session, { a: 2 });
  await visit.save();
  t.deepEqual(await data(created, 'sid'), { ...reserved, a: 2 });
});

test('A cookie that was given another lifetime is saved with it.', async (t) => {
  const { store } = await createStore(t);
  const visit = await loaded(store, await begun(store));
  visit.session.cookie.maxAge = 3_600_000;
  await visit.save();
  t.is((await store.get(visit.sid))?.cookie.originalMaxAge, 3_600_000);
});

test('With writeMode replace, a loaded session is written whole.', async (t) => {
  const created = await createStore(t, { writeMode: 'replace' });
  const sid = await begun(created.store, { a: 1, b: 1 });
  const [one, other] = [await loaded(created.store, sid), await loaded(created.store, sid)];
  Object.assign(one.session, { a: 2 });
  Object.assign(other.session, { b: 2 });
  await one.save();
  await other.save();
  t.deepEqual(await data(created, sid), { a: 1, b: 2 });
});

test('With a serializer of its own, a loaded session is written whole, and never created again.', async (t) => {
  const serializer = {
    stringify: (value: object) => JSON.stringify({ wrapped: JSON.stringify(value) }),
    parse: (text: string) => JSON.parse(JSON.parse(text).wrapped),
  };
  const created = await createStore(t, { serializer });
  const visit = await loaded(created.store, await begun(created.store, { a: 1 }));
  Object.assign(visit.session, { a: 2 });
  await visit.save();
  t.deepEqual(await data(created, visit.sid), { a: 2 });
  await created.store.destroy(visit.sid);
  Object.assign(visit.session, { a: 3 });
  await visit.save();
  t.is(await created.store.get(visit.sid), null);
});

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import type { SessionData } from 'express-session';
import { ArgumentError, MySQLSessionStore } from '../../src';
import { addAttribute, grant } from '../../src/install';
import {
  createInstallation,
  createStore,
  idsIn,
  openStore,
  patientBudget,
  session,
  setExpiry,
  type TestInstallation,
} from '../support/store';
import { loadVisit, saveNewSession, Visit } from '../support/visit';

const hashOf = (sid: string) => createHash('sha256').update(sid).digest('hex');

const attributes = { user_id: 'number' } as const;

interface AttributedStore extends TestInstallation {
  readonly store: MySQLSessionStore<SessionData, typeof attributes>;
}

async function createAttributedStore(t: ExecutionContext): Promise<AttributedStore> {
  const database = await createInstallation(t, []);
  const { url } = database;
  await addAttribute({ connection: url }, { name: 'user_id', path: '$.value.user', type: 'INT' });
  const account = await database.createAccount();
  for (const role of ['application', 'operator', 'find_user_id', 'destroy_user_id'] as const) {
    await grant({ connection: url }, account.name, role);
  }
  const store = new MySQLSessionStore({
    connection: account.url,
    disableDbCleanup: true,
    retryBudget: patientBudget,
    attributes,
    hashIds: true,
  });
  t.teardown(() => store.close());
  return { ...database, accountUrl: account.url, store };
}

async function foundBy(store: MySQLSessionStore<SessionData, typeof attributes>, user: number) {
  const all = [];
  for await (const found of store.findBy('user_id', user)) {
    all.push(found);
  }
  return all;
}

test('The table has the SHA-256 of an id, and get finds the session by the id.', async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true });
  await store.set('sid', session('here'));
  t.deepEqual(await idsIn(database), [hashOf('sid')]);
  t.is((await store.get('sid'))?.value, 'here');
});

test('The hash in the table does not give access to the session.', async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true });
  await store.set('sid', session('here'));
  const [hash = ''] = await idsIn(database);
  t.is(await store.get(hash), null);
  await store.set(hash, session('of a client'));
  t.is((await store.get('sid'))?.value, 'here');
});

test('An invalid id finds no session, and a write with it is refused.', async (t) => {
  const { store } = await createStore(t, { hashIds: true });
  t.is(await store.get('a b'), null);
  t.is(await store.get('a'.repeat(256)), null);
  for (const call of [() => store.set('a b', session()), () => store.destroy('a b')]) {
    await t.throwsAsync(call, { instanceOf: ArgumentError, message: /^Expected `sid` to be / });
  }
});

test('A session is created, changed, touched and destroyed under its hash.', async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true, touchAfter: 0 });
  const sid = await saveNewSession(store, { value: 'first', other: 1 });
  const visit = await loadVisit(store, sid);
  visit.session.value = 'second';
  await visit.save();
  await setExpiry(database, 20_000);
  await visit.touch();
  const [row] = await database.query(
    'SELECT sid, expired > UTC_TIMESTAMP(3) + INTERVAL 30 SECOND FROM sessions',
  );
  t.deepEqual(row?.map(String), [hashOf(sid), '1']);
  t.like(await store.get(sid), { value: 'second', other: 1 });
  await visit.destroy();
  t.deepEqual(await idsIn(database), []);
});

test('The changes of parallel requests are merged by key.', async (t) => {
  const { store } = await createStore(t, { hashIds: true });
  const sid = await saveNewSession(store);
  const [one, other] = [await loadVisit(store, sid), await loadVisit(store, sid)];
  Object.assign(one.session, { one: 1 });
  Object.assign(other.session, { other: 2 });
  await Promise.all([one.save(), other.save()]);
  t.like(await store.get(sid), { one: 1, other: 2 });
});

test('Batched reads and touches find their sessions.', async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true, touchAfter: 0 });
  const sids = Array.from({ length: 40 }, (_, index) => `s${index}`);
  await Promise.all(sids.map((sid) => store.set(sid, session(sid))));
  const read = await Promise.all(sids.map((sid) => store.get(sid)));
  t.deepEqual(
    read.map((one) => one?.value),
    sids,
  );
  await setExpiry(database, 20_000);
  await Promise.all(sids.map((sid) => store.touch(sid, session())));
  const [[prolonged] = []] = await database.query(
    'SELECT COUNT(*) FROM sessions WHERE expired > UTC_TIMESTAMP(3) + INTERVAL 30 SECOND',
  );
  t.is(Number(prolonged), 40);
});

test("A logout is final, and the event lost has the application's id.", async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true });
  const visit = await loadVisit(store, await saveNewSession(store));
  await store.destroy(visit.sid);
  visit.session.value = 'late';
  const [[sid, lost]] = await Promise.all([once(store, 'lost'), visit.save()]);
  t.is(sid, visit.sid);
  t.is(lost, visit.session);
  t.deepEqual(await idsIn(database), []);
});

test('A session that is destroyed while it is created is gone afterwards.', async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true });
  const visits = Array.from({ length: 20 }, () => Visit.first(store));
  await Promise.all(
    visits.flatMap((visit, index) => [
      visit.save(),
      index % 2 ? store.destroy(visit.sid) : store.destroyStored(store.storedId(visit.sid)),
    ]),
  );
  t.deepEqual(await idsIn(database), []);
});

test('ids, all and storedId return hashes that destroyStored accepts.', async (t) => {
  const { store } = await createStore(t, { hashIds: true });
  for (const sid of ['a', 'b', 'c']) {
    await store.set(sid, session(sid));
  }
  t.deepEqual(await store.ids(), ['a', 'b', 'c'].map(hashOf).sort());
  const all = await store.all();
  t.true(all.every(({ id, value }) => id === hashOf(String(value))));
  t.is(store.storedId('a'), hashOf('a'));
  await store.destroyStored(store.storedId('a'));
  await store.destroyStored(all.find(({ value }) => value === 'b')?.id ?? '');
  t.deepEqual(await store.ids(), [hashOf('c')]);
});

test('Without hashIds, storedId returns the id, and destroyStored accepts it.', async (t) => {
  const { store } = await createStore(t);
  await store.set('sid', session());
  t.is(store.storedId('sid'), 'sid');
  await new Promise<void>((resolve, reject) =>
    store.destroyStored('sid', (error) => (error ? reject(error) : resolve())),
  );
  t.is(await store.get('sid'), null);
});

test('The error of storedId and destroyStored for an invalid id does not show it.', async (t) => {
  const { store } = await createStore(t, { hashIds: true });
  const errors = [
    t.throws(() => store.storedId('s3cret id'), { instanceOf: ArgumentError }),
    await t.throwsAsync(store.destroyStored('s3cret id'), { instanceOf: ArgumentError }),
  ];
  t.true(errors.every(({ message }) => /got a string of 9 characters$/.test(message)));
});

test('destroy does not accept a hash.', async (t) => {
  const { store } = await createStore(t, { hashIds: true });
  await store.set('sid', session('here'));
  await store.destroy(hashOf('sid'));
  t.is((await store.get('sid'))?.value, 'here');
});

test('findBy returns hashes that destroyStored accepts.', async (t) => {
  const { store } = await createAttributedStore(t);
  await store.set('phone', session({ user: 42 }));
  await store.set('laptop', session({ user: 42 }));
  const found = await foundBy(store, 42);
  t.deepEqual(found.map(({ id }) => id).sort(), ['phone', 'laptop'].map(hashOf).sort());
  const other = found.find(({ id }) => id !== store.storedId('laptop'));
  await store.destroyStored(other?.id ?? '');
  t.is(await store.get('phone'), null);
  t.truthy(await store.get('laptop'));
});

test('destroyBy keeps the session of the id in except.', async (t) => {
  const { store } = await createAttributedStore(t);
  for (const sid of ['a', 'b', 'c']) {
    await store.set(sid, session({ user: 42 }));
  }
  t.is(await store.destroyBy('user_id', 42, { except: 'b' }), 2);
  t.deepEqual(
    (await foundBy(store, 42)).map(({ id }) => id),
    [hashOf('b')],
  );
});

test('A session that findBy found can be saved and touched, and is not created again.', async (t) => {
  const { store, ...database } = await createAttributedStore(t);
  await store.set('sid', session({ user: 42 }));
  const [found] = await foundBy(store, 42);
  if (!found) {
    throw new Error('There is no session');
  }
  Object.assign(found.session, { revoked: true });
  await store.set(found.id, found.session);
  t.like(await store.get('sid'), { revoked: true });
  await setExpiry(database, 20_000);
  found.session.cookie.expires = new Date(Date.now() + 120_000);
  await store.touch(found.id, found.session);
  t.deepEqual(await idsIn(database), [hashOf('sid')]);
  // A client that sends the hash gets no session, even after the save.
  t.is(await store.get(found.id), null);
  await store.destroy('sid');
  Object.assign(found.session, { revoked: false });
  const [[id]] = await Promise.all([once(store, 'lost'), store.set(found.id, found.session)]);
  t.is(id, found.id);
  t.deepEqual(await idsIn(database), []);
});

test("A client's session under the hash is another session, even after a save of the found one.", async (t) => {
  const { store } = await createAttributedStore(t);
  await store.set('sid', session({ user: 42 }));
  const [found] = await foundBy(store, 42);
  if (!found) {
    throw new Error('There is no session');
  }
  Object.assign(found.session, { seen: true });
  await store.set(found.id, found.session);
  await store.set(found.id, session('of a client'));
  t.deepEqual((await store.get('sid'))?.value, { user: 42 });
});

test('With hashIds, older sessions are found after a DBA hashes their ids.', async (t) => {
  const { store: before, ...database } = await createStore(t);
  const data: SessionData = session({ cart: ['a'] });
  await before.set('sid', data);
  await before.set('other', session('other'));
  const store = openStore(t, database.accountUrl, { hashIds: true });
  t.is(await store.get('sid'), null);
  await store.set('new', session('new'));

  const hashIds = "UPDATE sessions SET sid = SHA2(sid, 256) WHERE sid NOT RLIKE '^[0-9a-f]{64}$'";
  await database.query(hashIds);
  // A second run does not hash an id twice.
  await database.query(hashIds);
  t.deepEqual((await store.get('sid'))?.value, { cart: ['a'] });
  t.is((await store.get('other'))?.value, 'other');
  t.is((await store.get('new'))?.value, 'new');
  t.deepEqual(await idsIn(database), ['sid', 'other', 'new'].map(hashOf).sort());
  // The change is permanent.
  t.is(await before.get('sid'), null);
});

test('With hashIds, ids returns the plain ids of older sessions, and destroyStored accepts them.', async (t) => {
  const { store: before, ...database } = await createStore(t);
  await before.set('sid', session());
  const store = openStore(t, database.accountUrl, { hashIds: true });
  t.deepEqual(await store.ids(), ['sid']);
  await store.destroyStored('sid');
  t.deepEqual(await store.ids(), []);
});

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
  moveExpiry,
  openStore,
  session,
  type TestInstallation,
} from '../store';
import { begun, loaded, Visit } from './visit';

const hashOf = (sid: string) => createHash('sha256').update(sid).digest('hex');

const kinds = { user_id: 'number' } as const;

interface AttributedStore extends TestInstallation {
  readonly store: MySQLSessionStore<typeof kinds>;
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
    attributes: kinds,
    hashIds: true,
  });
  t.teardown(() => store.close());
  return { ...database, accountUrl: account.url, store };
}

async function foundBy(store: MySQLSessionStore<typeof kinds>, user: number) {
  const all = [];
  for await (const found of store.findBy('user_id', user)) {
    all.push(found);
  }
  return all;
}

test('The table holds the SHA-256 of an id, and the session is found by the id.', async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true });
  await store.set('sid', session('here'));
  t.deepEqual(await idsIn(database), [hashOf('sid')]);
  t.is((await store.get('sid'))?.value, 'here');
});

test('The hash that the database has opens no session.', async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true });
  await store.set('sid', session('here'));
  const [stolen = ''] = await idsIn(database);
  t.is(await store.get(stolen), null);
  await store.set(stolen, session('of a thief'));
  t.is((await store.get('sid'))?.value, 'here');
});

test('An id that no store takes is a miss on read and refused on write, as without hashing.', async (t) => {
  const { store } = await createStore(t, { hashIds: true });
  t.is(await store.get('a b'), null);
  t.is(await store.get('a'.repeat(256)), null);
  for (const call of [() => store.set('a b', session()), () => store.destroy('a b')]) {
    await t.throwsAsync(call, { instanceOf: ArgumentError, message: /^Expected `sid` to be / });
  }
});

test('A session is created, changed, touched and destroyed under its hash.', async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true, touchAfter: 0 });
  const sid = await begun(store, { value: 'first', other: 1 });
  const visit = await loaded(store, sid);
  visit.session.value = 'second';
  await visit.save();
  await moveExpiry(database, 20_000);
  await visit.touch();
  const [row] = await database.query(
    'SELECT sid, expired > UTC_TIMESTAMP(3) + INTERVAL 30 SECOND FROM sessions',
  );
  t.deepEqual(row?.map(String), [hashOf(sid), '1']);
  t.like(await store.get(sid), { value: 'second', other: 1 });
  await visit.destroy();
  t.deepEqual(await idsIn(database), []);
});

test('What parallel requests change is merged key by key.', async (t) => {
  const { store } = await createStore(t, { hashIds: true });
  const sid = await begun(store);
  const [one, other] = [await loaded(store, sid), await loaded(store, sid)];
  Object.assign(one.session, { one: 1 });
  Object.assign(other.session, { other: 2 });
  await Promise.all([one.save(), other.save()]);
  t.like(await store.get(sid), { one: 1, other: 2 });
});

test('Many reads and touches in one round trip meet their sessions.', async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true, touchAfter: 0 });
  const sids = Array.from({ length: 40 }, (_, index) => `s${index}`);
  await Promise.all(sids.map((sid) => store.set(sid, session(sid))));
  const read = await Promise.all(sids.map((sid) => store.get(sid)));
  t.deepEqual(
    read.map((one) => one?.value),
    sids,
  );
  await moveExpiry(database, 20_000);
  await Promise.all(sids.map((sid) => store.touch(sid, session())));
  const [[prolonged] = []] = await database.query(
    'SELECT COUNT(*) FROM sessions WHERE expired > UTC_TIMESTAMP(3) + INTERVAL 30 SECOND',
  );
  t.is(Number(prolonged), 40);
});

test('A logout is final, and the event tells the id that the application gave.', async (t) => {
  const { store, ...database } = await createStore(t, { hashIds: true });
  const visit = await loaded(store, await begun(store));
  await store.destroy(visit.sid);
  visit.session.value = 'late';
  const [[sid, lost]] = await Promise.all([once(store, 'lost'), visit.save()]);
  t.is(sid, visit.sid);
  t.is(lost, visit.session);
  t.deepEqual(await idsIn(database), []);
});

test('A session that is destroyed while it is being created is gone afterwards.', async (t) => {
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

test('ids, all and storedId tell the hashes, and each ends its session.', async (t) => {
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

test('Without hashing, storedId is the id, and destroyStored ends its session.', async (t) => {
  const { store } = await createStore(t);
  await store.set('sid', session());
  t.is(store.storedId('sid'), 'sid');
  await new Promise<void>((resolve, reject) =>
    store.destroyStored('sid', (error) => (error ? reject(error) : resolve())),
  );
  t.is(await store.get('sid'), null);
});

test('What is no id of any session is refused by name, and not shown.', async (t) => {
  const { store } = await createStore(t, { hashIds: true });
  const errors = [
    t.throws(() => store.storedId('s3cret id'), { instanceOf: ArgumentError }),
    await t.throwsAsync(store.destroyStored('s3cret id'), { instanceOf: ArgumentError }),
  ];
  t.true(errors.every(({ message }) => /got a string of 9 characters$/.test(message)));
});

test('destroy does not take a hash for an id.', async (t) => {
  const { store } = await createStore(t, { hashIds: true });
  await store.set('sid', session('here'));
  await store.destroy(hashOf('sid'));
  t.is((await store.get('sid'))?.value, 'here');
});

test('A session that was found is told by its hash, and ended by it.', async (t) => {
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

test('All sessions of a user are ended but the one of the id that is given.', async (t) => {
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

test('A session that was found is saved and touched as itself, and not created again when it is gone.', async (t) => {
  const { store, ...database } = await createAttributedStore(t);
  await store.set('sid', session({ user: 42 }));
  const [found] = await foundBy(store, 42);
  if (!found) {
    throw new Error('There is no session');
  }
  Object.assign(found.session, { revoked: true });
  await store.set(found.id, found.session);
  t.like(await store.get('sid'), { revoked: true });
  await moveExpiry(database, 20_000);
  found.session.cookie.expires = new Date(Date.now() + 120_000);
  await store.touch(found.id, found.session);
  t.deepEqual(await idsIn(database), [hashOf('sid')]);
  // Whoever comes with the hash meets nothing, even now that the process knows the session by it.
  t.is(await store.get(found.id), null);
  await store.destroy('sid');
  Object.assign(found.session, { revoked: false });
  const [[id]] = await Promise.all([once(store, 'lost'), store.set(found.id, found.session)]);
  t.is(id, found.id);
  t.deepEqual(await idsIn(database), []);
});

test('A thief’s session under the hash is another one, even after the application saved the one that it found.', async (t) => {
  const { store } = await createAttributedStore(t);
  await store.set('sid', session({ user: 42 }));
  const [found] = await foundBy(store, 42);
  if (!found) {
    throw new Error('There is no session');
  }
  Object.assign(found.session, { seen: true });
  await store.set(found.id, found.session);
  await store.set(found.id, session('of a thief'));
  t.deepEqual((await store.get('sid'))?.value, { user: 42 });
});

test('Sessions from before ids were hashed are not found, until the DBA hashes their ids.', async (t) => {
  const { store: before, ...database } = await createStore(t);
  const data: SessionData = session({ cart: ['a'] });
  await before.set('sid', data);
  await before.set('other', session('other'));
  const store = openStore(t, database.accountUrl, { hashIds: true });
  t.is(await store.get('sid'), null);
  await store.set('new', session('new'));

  const hashing = "UPDATE sessions SET sid = SHA2(sid, 256) WHERE sid NOT RLIKE '^[0-9a-f]{64}$'";
  await database.query(hashing);
  // Run again, it hashes nothing twice.
  await database.query(hashing);
  t.deepEqual((await store.get('sid'))?.value, { cart: ['a'] });
  t.is((await store.get('other'))?.value, 'other');
  t.is((await store.get('new'))?.value, 'new');
  t.deepEqual(await idsIn(database), ['sid', 'other', 'new'].map(hashOf).sort());
  // There is no way back.
  t.is(await before.get('sid'), null);
});

test('Ids from before are listed as they are, and can be ended.', async (t) => {
  const { store: before, ...database } = await createStore(t);
  await before.set('sid', session());
  const store = openStore(t, database.accountUrl, { hashIds: true });
  t.deepEqual(await store.ids(), ['sid']);
  await store.destroyStored('sid');
  t.deepEqual(await store.ids(), []);
});

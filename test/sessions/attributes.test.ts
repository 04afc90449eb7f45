import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { SessionData } from 'express-session';
import { ArgumentError, MySQLSessionStore, RoutineNotGrantedError } from '../../src';
import { addAttribute, grant, type Role } from '../../src/install';
import type { SessionOptions } from '../../src/options/store-options';
import { type Scope, SharedScope } from '../support/scope';
import {
  createInstallation,
  patientBudget,
  session,
  setExpiry,
  type TestInstallation,
} from '../support/store';

declare module 'express-session' {
  interface SessionData {
    account?: { id: number | string };
  }
}

const attributes = { user_id: 'number', email: 'string' } as const;

interface TestStore extends TestInstallation {
  readonly store: MySQLSessionStore<SessionData, typeof attributes>;
}

async function createStore(
  scope: Scope,
  options: SessionOptions<SessionData> = {},
  roles: readonly Role[] = ['find_user_id', 'destroy_user_id', 'find_email', 'destroy_email'],
): Promise<TestStore> {
  const database = await createInstallation(scope, []);
  await addAttribute(
    { connection: database.url },
    { name: 'user_id', path: '$.account.id', type: 'VARCHAR(64)' },
  );
  await addAttribute(
    { connection: database.url },
    { name: 'email', path: '$.value.email', type: 'VARCHAR(9)' },
  );
  const account = await database.createAccount();
  for (const role of ['application' as const, ...roles]) {
    await grant({ connection: database.url }, account.name, role);
  }
  const store = new MySQLSessionStore({
    connection: account.url,
    disableDbCleanup: true,
    retryBudget: patientBudget,
    attributes,
    ...options,
  });
  scope.teardown(() => store.close());
  return { ...database, accountUrl: account.url, store };
}

/** A store for the tests that delete nothing. It has one session of the user 1. */
let keptStore: MySQLSessionStore<SessionData, typeof attributes>;
const shared = new SharedScope();
test.before(async () => {
  keptStore = (await createStore(shared)).store;
  await keptStore.set('a', sessionOf(1));
});
test.after.always(() => shared.end());

function sessionOf(id: number | string, value?: unknown): SessionData {
  return { ...session(value), account: { id } };
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

const idsOf = async (items: AsyncIterable<{ id: string }>) =>
  (await collect(items)).map(({ id }) => id);

test('findBy yields the live sessions with the value, each with its data.', async (t) => {
  const { store } = await createStore(t);
  const saved = sessionOf(42, { cart: ['a'] });
  await store.set('b', saved);
  await store.set('a', sessionOf(42));
  await store.set('c', sessionOf(43));
  const found = await collect(store.findBy('user_id', 42));
  t.deepEqual(
    found.map(({ id }) => id),
    ['a', 'b'],
  );
  const { session: data } = found[1] ?? {};
  t.deepEqual(data?.value, { cart: ['a'] });
  t.deepEqual(Object.keys(data ?? {}).sort(), Object.keys(saved).sort());
});

test('findBy yields when each session was created and when it ends.', async (t) => {
  const { store } = await createStore(t);
  const before = Date.now();
  await store.set('a', sessionOf(1));
  const [found] = await collect(store.findBy('user_id', 1));
  const read = await store.get('a');
  t.true(found !== undefined && Math.abs(found.createdAt.getTime() - before) < 60_000);
  t.true(Math.abs(Number(found?.expires) - Number(read?.cookie.expires)) < 30_000);
  t.true(found?.session.cookie.expires instanceof Date);
});

test('findBy yields neither expired sessions nor sessions older than absoluteTtl.', async (t) => {
  const installation = await createStore(t, { absoluteTtl: 3_600_000 });
  const { store, query } = installation;
  await store.set('old', sessionOf(1));
  await query('UPDATE sessions SET created_at = UTC_TIMESTAMP(3) - INTERVAL 2 HOUR');
  await store.set('live', sessionOf(1));
  t.deepEqual(await idsOf(store.findBy('user_id', 1)), ['live']);
  await setExpiry(installation, -1);
  t.deepEqual(await idsOf(store.findBy('user_id', 1)), []);
});

test('findBy reads one page at a time, and only when the caller needs it.', async (t) => {
  const { store, query } = await createStore(t);
  await query(
    `INSERT INTO sessions (sid, sess, expired, created_at, updated_at)
     WITH RECURSIVE numbers AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM numbers WHERE n < 250)
     SELECT CONCAT('s', LPAD(n, 3, '0')), '{"account":{"id":7}}', UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM numbers`,
  );
  const all = await idsOf(store.findBy('user_id', 7));
  t.deepEqual(
    all,
    Array.from({ length: 250 }, (_, index) => `s${String(index + 1).padStart(3, '0')}`),
  );
  const first = store.findBy('user_id', 7);
  t.is((await first.next()).value?.id, 's001');
  // The generator has read only the first page before the sessions are deleted.
  t.is(await store.destroyBy('user_id', 7, { except: 's250' }), 249);
  t.is((await idsOf(first)).length, 100);
  t.deepEqual(await idsOf(store.findBy('user_id', 7)), ['s250']);
});

test('destroyBy deletes the sessions with the value, except one.', async (t) => {
  const { store } = await createStore(t);
  for (const id of ['a', 'b', 'c']) {
    await store.set(id, sessionOf(42));
  }
  await store.set('other', sessionOf(420));
  t.is(await store.destroyBy('user_id', 42, { except: 'b' }), 2);
  t.deepEqual(await idsOf(store.findBy('user_id', 42)), ['b']);
  t.is(await store.destroyBy('user_id', 42), 1);
  t.is(await store.destroyBy('user_id', 42), 0);
  t.truthy(await store.get('other'));
});

test('A save does not create a session again that destroyBy deleted.', async (t) => {
  const { store } = await createStore(t);
  await store.set('a', sessionOf(42));
  const loaded = await store.get('a');
  const lost = new Promise((resolve) => store.once('lost', resolve));
  t.is(await store.destroyBy('user_id', 42), 1);
  await store.set('a', { ...session(), ...loaded, value: 'late' });
  t.is(await lost, 'a');
  t.is(await store.get('a'), null);
});

test('A save of a found session writes only its changes, and never creates it again.', async (t) => {
  const { store } = await createStore(t);
  await store.set('a', sessionOf(42));
  const [found] = await collect(store.findBy('user_id', 42));
  const loaded = await store.get('a');
  if (!found || !loaded) {
    throw new Error('There is no session');
  }
  loaded.value = 'of a request';
  await store.set('a', loaded);
  Object.assign(found.session, { revoked: true });
  await store.set('a', found.session);
  t.like(await store.get('a'), { value: 'of a request', revoked: true });
  await store.destroy('a');
  Object.assign(found.session, { revoked: false });
  await store.set('a', found.session);
  t.is(await store.get('a'), null);
});

test('String values compare exactly.', async (t) => {
  const { store } = await createStore(t);
  const emails = ['bob', 'Bob', 'bob ', 'b\u00f6b', 'bo\u0308b'];
  for (const [index, email] of emails.entries()) {
    await store.set(`s${index}`, session({ email }));
  }
  for (const [index, email] of emails.entries()) {
    t.deepEqual(await idsOf(store.findBy('email', email)), [`s${index}`]);
    t.is(await store.destroyBy('email', email), 1);
  }
});

test('A value that is longer than every attribute finds and deletes nothing.', async (t) => {
  const { store } = await createStore(t);
  await store.set('a', session({ email: 'x'.repeat(300) }));
  for (const value of ['x'.repeat(10), 'x'.repeat(300), 'x'.repeat(5_000_000)]) {
    t.deepEqual(await idsOf(store.findBy('email', value)), []);
    t.is(await store.destroyBy('email', value), 0);
  }
});

test('destroyBy takes a callback.', async (t) => {
  const { store } = await createStore(t);
  await store.set('a', sessionOf(42));
  const ended = await new Promise((resolve, reject) =>
    store.destroyBy('user_id', 42, {}, (error, count) => (error ? reject(error) : resolve(count))),
  );
  t.is(ended, 1);
});

const wrongCalls: Array<
  [
    what: string,
    argument: string,
    call: (store: MySQLSessionStore<SessionData, typeof attributes>) => Promise<unknown>,
  ]
> = [
  [
    'an undeclared attribute',
    'attribute',
    (store) => store.destroyBy('tenant' as never, 1 as never),
  ],
  [
    'a property of each object',
    'attribute',
    (store) => store.destroyBy('constructor' as never, 1 as never),
  ],
  ['a string for a number', 'value', (store) => store.destroyBy('user_id', '42' as never)],
  ['a number for a string', 'value', (store) => store.destroyBy('email', 42 as never)],
  ['a fraction', 'value', (store) => store.destroyBy('user_id', 1.5)],
  ['an unsafe integer', 'value', (store) => store.destroyBy('user_id', 2 ** 53)],
  ['NaN', 'value', (store) => store.destroyBy('user_id', Number.NaN)],
  ['an undefined value', 'value', (store) => store.destroyBy('user_id', undefined as never)],
  ['half of a surrogate pair', 'value', (store) => store.destroyBy('email', '\ud800')],
  ['a null value in findBy', 'value', (store) => collect(store.findBy('email', null as never))],
  ['an invalid except', 'except', (store) => store.destroyBy('user_id', 1, { except: 'a b' })],
  [
    'an except of null',
    'except',
    (store) => store.destroyBy('user_id', 1, { except: null as never }),
  ],
  [
    'an unknown option',
    'options',
    (store) => store.destroyBy('user_id', 1, { exept: 'a' } as never),
  ],
  ['options of null', 'options', (store) => store.destroyBy('user_id', 1, null as never)],
];
for (const [what, argument, call] of wrongCalls) {
  test(`The error for ${what} names ${argument}, and no session is deleted.`, async (t) => {
    const error = await t.throwsAsync(call(keptStore), { instanceOf: ArgumentError });
    t.is(error?.argument, argument);
    t.truthy(await keptStore.get('a'));
  });
}

for (const attributes of [
  [],
  'user_id',
  { User: 'number' },
  { user_id: 'integer' },
  { user_id: undefined },
]) {
  test(`The option attributes cannot be ${JSON.stringify(attributes)}.`, (t) => {
    const connection = 'mysql://app@db.example/shop';
    const error = t.throws(
      () => new MySQLSessionStore({ connection, attributes: attributes as never }),
      {
        instanceOf: ArgumentError,
      },
    );
    t.true(error?.argument.startsWith('attributes'));
  });
}

test('No error shows the value.', async (t) => {
  const { store } = await createStore(t, {}, []);
  const secret = `someone-${randomUUID()}`;
  const errors = await Promise.all([
    store.destroyBy('user_id', secret as never).catch((error) => error),
    store.destroyBy('email', `${secret}\ud800`).catch((error) => error),
    store.destroyBy('email', secret).catch((error) => error),
    collect(store.findBy('email', secret)).catch((error) => error),
  ]);
  for (const error of errors) {
    t.true(error instanceof Error);
    t.false(`${error.message}${error.stack}${error.cause?.message}`.includes(secret));
  }
});

test('The error without the role names the command that grants it.', async (t) => {
  const { store } = await createStore(t, {}, []);
  const find = await t.throwsAsync(collect(store.findBy('user_id', 1)), {
    instanceOf: RoutineNotGrantedError,
  });
  t.is(find?.errno, 1370);
  t.regex(
    find?.message ?? '',
    /npx knex-mysql-session attribute add user_id.+npx knex-mysql-session grant '.+'@'%' --role find_user_id --database \w+\./,
  );
  const destroy = await t.throwsAsync(store.destroyBy('user_id', 1), {
    instanceOf: RoutineNotGrantedError,
  });
  t.regex(destroy?.message ?? '', /grant '.+'@'%' --role destroy_user_id/);
});

test('ready rejects with the remedy if the account may neither find nor delete by an attribute.', async (t) => {
  for (const roles of [
    ['find_user_id', 'destroy_email'],
    ['find_user_id', 'find_email', 'destroy_email'],
  ] as const) {
    const { store } = await createStore(t, {}, roles);
    await store.set('a', sessionOf(42));
    await t.notThrowsAsync(store.ready());
    t.truthy(await store.get('a'));
  }
  const { store } = await createStore(t, {}, ['find_user_id']);
  const error = await t.throwsAsync(store.ready(), { instanceOf: RoutineNotGrantedError });
  t.regex(error?.message ?? '', /grant '.+'@'%' --role find_email/);
});

test('An account that may delete by an attribute need not find by it.', async (t) => {
  const { store } = await createStore(t, {}, ['destroy_user_id']);
  await store.set('a', sessionOf(42));
  await t.throwsAsync(collect(store.findBy('user_id', 42)), { instanceOf: RoutineNotGrantedError });
  t.is(await store.destroyBy('user_id', 42), 1);
});

test('Parallel calls of destroyBy with the same except keep only that session.', async (t) => {
  const { store } = await createStore(t);
  const devices = Array.from({ length: 20 }, (_, index) => `d${index}`);
  await Promise.all(devices.map((id) => store.set(id, sessionOf(42))));
  const ended = await Promise.all(
    ['d3', 'd3', 'd3', 'd3'].map((except) => store.destroyBy('user_id', 42, { except })),
  );
  t.is(
    ended.reduce((sum, count) => sum + count, 0),
    19,
  );
  t.deepEqual(await idsOf(store.findBy('user_id', 42)), ['d3']);
});

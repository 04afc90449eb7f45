import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { SessionData } from 'express-session';
import { MySQLSessionStore } from '../../src';
import { attributeRoles } from '../../src/contract';
import { addAttribute, grant } from '../../src/install';
import { KoaSessionStore } from '../../src/koa';
import { SessionStore } from '../../src/promise';
import { PromiseStore } from '../../src/stores/promise-store';
import type { SharedStoreMethods } from '../../src/stores/shared-store-methods';
import { createInstallation, session } from '../support/store';

const attributes = { user_id: 'number' } as const;

type Method =
  | keyof SharedStoreMethods<SessionData, typeof attributes>
  | 'get'
  | 'set'
  | 'touch'
  | 'destroy';

const isUndefined = (value: unknown) => value === undefined;
const is = (expected: unknown) => (value: unknown) => value === expected;

/** A call of each method that takes a callback, in an order that suits one store. */
const calls: Record<
  Exclude<Method, 'findBy' | 'storedId' | symbol>,
  readonly [args: readonly unknown[], isExpected: (result: unknown) => boolean]
> = {
  ready: [[], isUndefined],
  ping: [[], (result) => Object(result).writable === true],
  set: [['sid', session({ user: 7 })], isUndefined],
  touch: [['sid', session()], isUndefined],
  get: [['sid'], (found) => Object(found).value.user === 7],
  all: [[], (sessions) => Object(sessions)[0].id === 'sid'],
  ids: [[], (ids) => String(ids) === 'sid'],
  length: [[], is(1)],
  gc: [[], is(0)],
  countBy: [['user_id', 7], is(1)],
  limitBy: [['user_id', 7, { keep: 1 }], (ended) => Array.isArray(ended) && ended.length === 0],
  destroyBy: [['user_id', 8, {}], is(0)],
  destroyStored: [['other'], isUndefined],
  destroy: [['sid'], isUndefined],
  clear: [[], isUndefined],
  close: [[], isUndefined],
};

const methods = [...Object.keys(calls), 'findBy', 'storedId'].sort();

/** Returns the public methods of the classes, without the methods that only one framework has. */
function methodsOf(...classes: ReadonlyArray<{ readonly prototype: object }>): string[] {
  const emitterMethods = ['on', 'once', 'off', 'removeAllListeners'];
  const frameworkMethods = ['constructor', 'createSession', ...emitterMethods];
  return classes
    .flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))
    .filter((name) => !frameworkMethods.includes(name))
    .sort();
}

test('MySQLSessionStore has each shared method, and no other.', (t) => {
  t.deepEqual(methodsOf(MySQLSessionStore), methods);
});

test('SessionStore has each shared method, and no other.', (t) => {
  t.deepEqual(methodsOf(PromiseStore, SessionStore), methods);
});

test('KoaSessionStore has each shared method except touch, and no other.', (t) => {
  const withoutTouch = methods.filter((name) => name !== 'touch');
  t.deepEqual(methodsOf(PromiseStore, KoaSessionStore), withoutTouch);
});

test('docs/methods.md names each method.', (t) => {
  const page = readFileSync(join(__dirname, '../../docs/methods.md'), 'utf8');
  const missing = methods.filter((name) => !new RegExp(`\`${name}(?:\\(\\))?\``).test(page));
  t.deepEqual(missing, []);
});

/** Returns a connection that may call all methods. */
async function createConnection(t: ExecutionContext): Promise<string> {
  const { url, accountUrl } = await createInstallation(t);
  await addAttribute({ connection: url }, { name: 'user_id', path: '$.value.user', type: 'INT' });
  const { username } = new URL(accountUrl);
  for (const role of attributeRoles('user_id')) {
    await grant({ connection: url }, username, role);
  }
  return accountUrl;
}

test('Each method of MySQLSessionStore that returns a promise takes a callback.', async (t) => {
  const store = new MySQLSessionStore({
    connection: await createConnection(t),
    disableDbCleanup: true,
    attributes,
  });
  t.teardown(() => store.close());
  for (const [name, [args, isExpected]] of Object.entries(calls)) {
    const method: unknown = Reflect.get(store, name);
    const result = await new Promise((resolve, reject) => {
      const callback = (error: unknown, value: unknown) => (error ? reject(error) : resolve(value));
      Reflect.apply(method as () => void, store, [...args, callback]);
    });
    t.true(isExpected(result), `${name}: ${String(result)}`);
  }
});

test('Each method of SessionStore resolves as the one of MySQLSessionStore does.', async (t) => {
  await using store = new SessionStore({
    connection: await createConnection(t),
    disableDbCleanup: true,
    attributes,
  });
  for (const [name, [args, isExpected]] of Object.entries(calls)) {
    const method: unknown = Reflect.get(store, name);
    const result: unknown = await Reflect.apply(method as () => unknown, store, [...args]);
    t.true(isExpected(result), `${name}: ${String(result)}`);
  }
});

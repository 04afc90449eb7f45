import test from 'ava';
import { ArgumentError, DatabaseError, MySQLSessionStore } from '../../src';
import type { StoreOptions } from '../../src/options/store-options';
import { killConnections } from '../support/connections';
import type { Scope } from '../support/scope';
import { createInstallation, session } from '../support/store';

function open(scope: Scope, connection: StoreOptions['connection']): MySQLSessionStore {
  const store = new MySQLSessionStore({
    connection: connection as () => string,
    disableDbCleanup: true,
    retryBudget: 30_000,
  });
  scope.teardown(() => store.close());
  return store;
}

test('A function is asked for the password at each new connection.', async (t) => {
  const installation = await createInstallation(t);
  const { accountUrl, query } = installation;
  const account = `'${decodeURIComponent(new URL(accountUrl).username)}'@'%'`;
  let password = decodeURIComponent(new URL(accountUrl).password);
  const store = open(t, async () => Object.assign(new URL(accountUrl), { password }).href);
  await store.set('sid', session('before'));
  password = `${password}.2`;
  await query(`ALTER USER ${account} IDENTIFIED BY '${password}'`);
  await killConnections(installation);
  t.is((await store.get('sid'))?.value, 'before');
});

test('Settings with an expirationChecker are used until it says that they expired.', async (t) => {
  const installation = await createInstallation(t);
  let [calls, isExpired] = [0, false];
  const store = open(t, () => {
    calls++;
    return { uri: installation.accountUrl, expirationChecker: () => isExpired };
  });
  const reconnect = async () => {
    await killConnections(installation);
    await store.get('sid');
  };
  await store.get('sid');
  await reconnect();
  t.is(calls, 1);
  isExpired = true;
  await reconnect();
  t.is(calls, 2);
});

test('A list may have functions, and one that fails is passed over.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const store = open(t, [
    () => {
      throw new Error('the vault is sealed');
    },
    async () => accountUrl,
  ]);
  await store.set('sid', session());
  t.truthy(await store.get('sid'));
});

test('A function that fails fails the call, and the error names it.', async (t) => {
  const cause = new Error('the vault is sealed');
  const store = open(t, () => Promise.reject(cause));
  const error = await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: DatabaseError,
    message: /^sess_version: the function `connection` failed: the vault is sealed$/,
  });
  t.is(Object(error?.cause).cause, cause);
});

test('A function can fail with a text or a code.', async (t) => {
  for (const [thrown, expected] of [
    [
      'sealed',
      { message: 'sess_version: the function `connection` failed: sealed', code: undefined },
    ],
    [Object.assign(new Error('sealed'), { code: 'E_VAULT' }), { code: 'E_VAULT' }],
  ] as const) {
    const store = open(t, () => Promise.reject(thrown));
    t.like(await t.throwsAsync(async () => store.get('sid')), expected);
  }
});

test('A function that returns no connection fails the call, and the error names it.', async (t) => {
  const store = open(t, () => 'postgres://db.example/shop');
  await t.throwsAsync(async () => store.get('sid'), {
    instanceOf: ArgumentError,
    message: /^Expected `connection\(\)` to be a URL such as mysql:/,
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { SessionData } from 'express-session';
import { ArgumentError, DatabaseError, type MySQLSessionStore, RetryBudgetError } from '../../src';
import { parseHosts } from '../../src/database/connection-options';
import type { SessionOptions } from '../../src/options/store-options';
import { bootForTest } from '../support/boot';
import { killConnections } from '../support/connections';
import { startProxy, type TestProxy } from '../support/proxy';
import {
  createInstallation,
  idsIn,
  openStore,
  session,
  type TestInstallation,
} from '../support/store';

interface Host extends TestInstallation {
  readonly proxy: TestProxy;
}

/** A host with a separate table: its sessions show which host a store wrote to. */
async function createHost(t: ExecutionContext): Promise<Host> {
  const installation = await createInstallation(t);
  return { ...installation, proxy: await startProxy(t, installation.accountUrl) };
}

async function createHosts(
  t: ExecutionContext,
  options?: SessionOptions<SessionData>,
): Promise<{ store: MySQLSessionStore; first: Host; second: Host }> {
  const [first, second] = [await createHost(t), await createHost(t)];
  return {
    store: openStore(t, [first.proxy.url, second.proxy.url], { retryBudget: 15_000, ...options }),
    first,
    second,
  };
}

/** Saves several sessions at the same time. */
async function saveMany(store: MySQLSessionStore, name: string, count = 8): Promise<string[]> {
  const sids = Array.from({ length: count }, (_, n) => `${name}-${n}`);
  await Promise.all(sids.map((sid) => store.set(sid, session())));
  return sids;
}

test('All connections go to the first of several hosts while it works.', async (t) => {
  const { store, first, second } = await createHosts(t);
  const sids = await saveMany(store, 'a');
  t.deepEqual(await idsIn(first), sids);
  t.deepEqual(await idsIn(second), []);
});

test('A host that refuses connections is skipped.', async (t) => {
  const { store, first, second } = await createHosts(t);
  first.proxy.cut();
  const sids = await saveMany(store, 'a');
  t.deepEqual(await idsIn(second), sids);
});

test('A host that accepts connections and never answers is skipped.', async (t) => {
  const { store, first, second } = await createHosts(t);
  first.proxy.stall();
  const sids = await saveMany(store, 'a');
  t.deepEqual(await idsIn(second), sids);
});

test('No call fails if a host breaks its connections and refuses new ones.', async (t) => {
  const { store, first, second } = await createHosts(t);
  await saveMany(store, 'a');
  first.proxy.cut();
  const sids = await saveMany(store, 'b');
  t.deepEqual(await idsIn(second), sids);
});

test('No call fails if a host stops answering.', async (t) => {
  const { store, first, second } = await createHosts(t);
  await saveMany(store, 'a');
  first.proxy.stall();
  const sids = await saveMany(store, 'b');
  t.deepEqual(await idsIn(second), sids);
  const before = first.proxy.connections();
  await saveMany(store, 'c');
  t.is(first.proxy.connections(), before, 'a later call tried it again');
});

test('A host that answered too late is probed, and stays in use if it works again.', async (t) => {
  const { store, first, second } = await createHosts(t);
  await saveMany(store, 'a', 1);
  first.proxy.stall();
  const saving = saveMany(store, 'b', 1);
  // The call times out on the old connection. Then a probe opens a new one.
  await first.proxy.nextConnection();
  first.proxy.resume();
  await saving;
  t.deepEqual(await idsIn(first), ['a-0', 'b-0']);
  t.deepEqual(await idsIn(second), []);
});

test('A new connection goes to a preferred host after it is back.', async (t) => {
  t.timeout(300_000);
  const { store, first, second } = await createHosts(t);
  first.proxy.cut();
  await saveMany(store, 'a', 1);
  first.proxy.restore();
  let rounds = 0;
  while ((await idsIn(first)).length === 0) {
    rounds++;
    t.true(rounds < 600, 'the first host is never used');
    await sleep(100);
    await saveMany(store, `b${rounds}`);
  }
  t.is((await idsIn(second)).filter((sid) => sid.startsWith('a-')).length, 1);
});

for (const [state, setting] of [
  ['read-only', 'read_only = ON'],
  // MariaDB has no offline mode, and ignores the comment.
  ['offline', '/*!80000 offline_mode = ON, */ read_only = ON'],
]) {
  test.serial(`A host that is ${state} is skipped, from the start or later.`, async (t) => {
    const second = await createInstallation(t);
    await bootForTest(t, []);
    const first = await createInstallation(t);
    const connection = [first.accountUrl, second.accountUrl];
    const store = openStore(t, connection);
    await saveMany(store, 'a');
    await first.query(`SET GLOBAL ${setting}`);
    await saveMany(store, 'b');
    t.true((await idsIn(first)).every((sid) => sid.startsWith('a-')));
    t.is((await idsIn(second)).length, 8);
    await openStore(t, connection).set('from-the-start', session());
    t.true((await idsIn(second)).includes('from-the-start'));
  });
}

test.serial('A host whose transactions are read-only is skipped.', async (t) => {
  const second = await createInstallation(t);
  await bootForTest(t, []);
  const first = await createInstallation(t);
  // Before 11.1, MariaDB has another name for it.
  await first.query('SET GLOBAL /*M! tx_read_only = ON */ /*!80000 transaction_read_only = ON */');
  const sids = await saveMany(openStore(t, [first.accountUrl, second.accountUrl]), 'a');
  t.deepEqual(await idsIn(second), sids);
});

test.serial('After its connections ended, a read-only host gets no more reads.', async (t) => {
  const second = await createInstallation(t);
  await bootForTest(t, []);
  const first = await createInstallation(t);
  const store = openStore(t, [first.accountUrl, second.accountUrl]);
  await openStore(t, second.accountUrl).set('sid', session('new'));
  await store.set('sid', session('old'));
  await first.query('SET GLOBAL read_only = ON');
  await killConnections(first);
  t.is((await store.get('sid'))?.value, 'new');
});

for (const [first, url] of [
  ['name does not exist', (host: URL) => Object.assign(host, { hostname: 'db.invalid' })],
  ['password is wrong', (host: URL) => Object.assign(host, { password: 'wrong' })],
  ['certificate is not trusted', (host: URL) => withTls(host)],
] as const) {
  test(`A first host whose ${first} is passed over.`, async (t) => {
    const { accountUrl } = await createInstallation(t);
    const store = openStore(t, [url(new URL(accountUrl)).href, accountUrl]);
    await saveMany(store, 'a');
    t.truthy(await store.get('a-0'));
  });
}

function withTls(host: URL): URL {
  host.searchParams.set('ssl-mode', 'VERIFY_IDENTITY');
  return host;
}

test('A parameter of a URL wins over the connect timeout of a list.', (t) => {
  const [first, second] = parseHosts(['mysql://a@one/db?connectTimeout=5000', 'mysql://a@two/db']);
  return Promise.all([first?.options(), second?.options()]).then(([one, two]) => {
    t.is(one?.connectTimeout, undefined);
    t.is(two?.connectTimeout, 1_000);
  });
});

test('If every host fails, the error has the reason for each, and no password.', async (t) => {
  const { store, first, second } = await createHosts(t, { retryBudget: 2_000 });
  first.proxy.cut();
  second.proxy.cut();
  const error = await t.throwsAsync(async () => store.get('sid'), { instanceOf: RetryBudgetError });
  for (const { proxy } of [first, second]) {
    const { host, password } = new URL(proxy.url);
    t.true(error?.message.includes(`${host}: `), error?.message);
    t.false(error?.message.includes(password), error?.message);
  }
});

test('The error names hosts that are settings, too.', (t) => {
  const settings = [{ socketPath: '/run/mysqld.sock' }, { host: 'db2.example' }];
  t.deepEqual(
    parseHosts(settings).map(({ label }) => label),
    ['/run/mysqld.sock', 'db2.example:3306'],
  );
});

test('A password that every host refuses fails at once.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const wrong = Object.assign(new URL(accountUrl), { password: 'wrong' }).href;
  const error = await t.throwsAsync(async () => openStore(t, [wrong, wrong]).get('sid'), {
    instanceOf: DatabaseError,
    message: /^sess_version: no host can be used \(.+: Access denied for user .+; .+\)$/,
  });
  t.false(error instanceof RetryBudgetError);
});

for (const [title, connection, message] of [
  ['An empty list', [], 'Expected `connection` to be at least one host, got an empty list'],
  [
    'A host that is not a URL',
    ['mysql://app@one.example/shop', 7],
    "Expected `connection[1]` to be a URL such as mysql://app@db.example/shop, or mysql2's settings, got 7",
  ],
  [
    'A URL of another database',
    ['mysql://app@one.example/shop', 'postgres://app@two.example/shop'],
    'Expected `connection[1]` to be a URL such as mysql://app@db.example/shop, got one that does not start with mysql:// or mariadb://',
  ],
] as const) {
  test(`${title} is refused, and the error names the argument.`, (t) => {
    t.throws(() => openStore(t, connection as never), { instanceOf: ArgumentError, message });
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { SessionData } from 'express-session';
import { ArgumentError, DatabaseError, type MySQLSessionStore, RetryBudgetError } from '../../src';
import type { SessionOptions } from '../../src/options';
import { endConnections } from '../connections';
import { startProxy, type TestProxy } from '../faults/proxy';
import { onServerWith } from '../matrix/private-server';
import { createInstallation, idsIn, openStore, session, type TestInstallation } from '../store';

interface Host extends TestInstallation {
  readonly proxy: TestProxy;
}

/** A host with sessions of its own, by which to tell who was written to. */
async function createHost(t: ExecutionContext): Promise<Host> {
  const installation = await createInstallation(t);
  return { ...installation, proxy: await startProxy(t, installation.accountUrl) };
}

async function createHosts(
  t: ExecutionContext,
  options?: SessionOptions<SessionData>,
): Promise<{ store: MySQLSessionStore; first: Host; second: Host }> {
  const [first, second] = [await createHost(t), await createHost(t)];
  return { store: openStore(t, [first.proxy.url, second.proxy.url], options), first, second };
}

/** Sets sessions in so many lanes at once. */
async function setInLanes(store: MySQLSessionStore, name: string, lanes = 8): Promise<string[]> {
  const sids = Array.from({ length: lanes }, (_, lane) => `${name}-${lane}`);
  await Promise.all(sids.map((sid) => store.set(sid, session())));
  return sids;
}

test('All connections go to the first of several hosts while it serves.', async (t) => {
  const { store, first, second } = await createHosts(t);
  const sids = await setInLanes(store, 'a');
  t.deepEqual(await idsIn(first), sids);
  t.deepEqual(await idsIn(second), []);
});

test('A host that refuses connections is passed over.', async (t) => {
  const { store, first, second } = await createHosts(t);
  first.proxy.cut();
  const sids = await setInLanes(store, 'a');
  t.deepEqual(await idsIn(second), sids);
});

test('A host that takes connections and never answers is passed over.', async (t) => {
  const { store, first, second } = await createHosts(t);
  first.proxy.stall();
  const sids = await setInLanes(store, 'a');
  t.deepEqual(await idsIn(second), sids);
});

test('Where a host breaks its connections and refuses new ones, no call fails.', async (t) => {
  const { store, first, second } = await createHosts(t);
  await setInLanes(store, 'a');
  first.proxy.cut();
  const sids = await setInLanes(store, 'b');
  t.deepEqual(await idsIn(second), sids);
});

test('Where a host stops to answer, no call fails.', async (t) => {
  const { store, first, second } = await createHosts(t);
  await setInLanes(store, 'a');
  first.proxy.stall();
  const sids = await setInLanes(store, 'b');
  t.deepEqual(await idsIn(second), sids);
  const begun = performance.now();
  await setInLanes(store, 'c');
  t.true(performance.now() - begun < 1_000, 'no further call waits for it');
});

test('A host that answers late is used again: what is suspected is looked at, and not shunned.', async (t) => {
  const { store, first, second } = await createHosts(t);
  await setInLanes(store, 'a', 1);
  first.proxy.stall();
  const saving = setInLanes(store, 'b', 1);
  // It is given up on the connection that is there, and only then looked at through another one.
  await first.proxy.nextConnection();
  first.proxy.resume();
  await saving;
  t.deepEqual(await idsIn(first), ['a-0', 'b-0']);
  t.deepEqual(await idsIn(second), []);
});

test('A new connection goes to a host further ahead within ten seconds after it is back.', async (t) => {
  t.timeout(60_000);
  const { store, first, second } = await createHosts(t);
  first.proxy.cut();
  await setInLanes(store, 'a', 1);
  first.proxy.mend();
  let rounds = 0;
  while ((await idsIn(first)).length === 0) {
    rounds++;
    t.true(rounds < 150, 'it is never used');
    await sleep(100);
    await setInLanes(store, `b${rounds}`);
  }
  t.is((await idsIn(second)).filter((sid) => sid.startsWith('a-')).length, 1);
});

for (const [what, setting] of [
  ['read-only', 'read_only = ON'],
  // MariaDB has no such mode, and does not read the comment.
  ['offline', '/*!80000 offline_mode = ON, */ read_only = ON'],
]) {
  test.serial(`A host that is ${what} is passed over, and so is one that becomes it.`, async (t) => {
    const second = await createInstallation(t);
    await onServerWith(t, []);
    const first = await createInstallation(t);
    const connection = [first.accountUrl, second.accountUrl];
    const store = openStore(t, connection);
    await setInLanes(store, 'a');
    await first.query(`SET GLOBAL ${setting}`);
    await setInLanes(store, 'b');
    t.true((await idsIn(first)).every((sid) => sid.startsWith('a-')));
    t.is((await idsIn(second)).length, 8);
    await openStore(t, connection).set('from-the-start', session());
    t.true((await idsIn(second)).includes('from-the-start'));
  });
}

test.serial('A read-only host whose connections were ended is read from no more.', async (t) => {
  const second = await createInstallation(t);
  await onServerWith(t, []);
  const first = await createInstallation(t);
  const store = openStore(t, [first.accountUrl, second.accountUrl]);
  await openStore(t, second.accountUrl).set('sid', session('new'));
  await store.set('sid', session('old'));
  await first.query('SET GLOBAL read_only = ON');
  await endConnections(first);
  t.is((await store.get('sid'))?.value, 'new');
});

test.serial('With a list of one host, what a read-only server refuses is reported at once.', async (t) => {
  await onServerWith(t, []);
  const { query, accountUrl } = await createInstallation(t);
  const store = openStore(t, [accountUrl]);
  await store.ready();
  await query('SET GLOBAL read_only = ON');
  const error = await t.throwsAsync(async () => store.set('sid', session()), { instanceOf: DatabaseError });
  t.false(error instanceof RetryBudgetError);
  t.is(error?.errno, 1290);
});

test('Where no host serves, the error says what speaks against each, and shows no password.', async (t) => {
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

test('A password that every host refuses is reported at once.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const wrong = Object.assign(new URL(accountUrl), { password: 'wrong' }).href;
  const error = await t.throwsAsync(async () => openStore(t, [wrong, wrong]).get('sid'), {
    instanceOf: DatabaseError,
    message: /^sess_version: no host can be used \(.+: Access denied for user .+; .+\)$/,
  });
  t.false(error instanceof RetryBudgetError);
});

for (const [title, connection, message] of [
  ['No host', [], 'Expected `connection` to be at least one host, got an empty list'],
  [
    'A host that is no URL',
    ['mysql://app@one.example/shop', 7],
    "Expected `connection[1]` to be a URL or mysql2's settings, got 7",
  ],
  [
    'A host of another database',
    ['mysql://app@one.example/shop', 'postgres://app@two.example/shop'],
    'Expected `connection[1]` to be a URL such as mysql://app@db.example/shop, got one with postgres:',
  ],
] as const) {
  test(`${title} is refused, with its place in the list.`, (t) => {
    t.throws(() => openStore(t, connection as never), { instanceOf: ArgumentError, message });
  });
}

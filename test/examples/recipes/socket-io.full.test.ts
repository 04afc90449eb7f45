import test, { type ExecutionContext } from 'ava';
import { io, type Socket } from 'socket.io-client';
import type { Browser } from '../../../examples/demo/browser';
import { SharedScope } from '../../support/scope';
import { createInstallation } from '../../support/store';
import { type Example, startExampleOn } from '../helpers/example';

const file = 'examples/recipes/socket-io.ts';
const scope = new SharedScope();
let app: Example;

test.before(async () => {
  const database = await createInstallation(scope, ['application']);
  // No test waits for a check, except for the test of the check.
  app = await startExampleOn(scope, database, file, { CHECK_INTERVAL_MS: '600000' });
});
test.after.always(() => scope.end());

async function signIn(name: string, example = app): Promise<Browser> {
  const browser = example.browser();
  await browser.post(`/login?name=${name}`);
  return browser;
}

/** Opens a socket with the cookies of a browser. */
async function open(t: ExecutionContext, browser: Browser, example = app): Promise<Socket> {
  const socket = io(example.url, {
    extraHeaders: { cookie: await browser.cookies() },
    reconnection: false,
    transports: ['websocket'],
  });
  t.teardown(() => socket.close());
  return socket;
}

/** Waits for an event, and returns its argument. */
function next(socket: Socket, event: string): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once(event, resolve);
  });
}

async function openConnected(...parameters: Parameters<typeof open>): Promise<Socket> {
  const socket = await open(...parameters);
  await next(socket, 'connect');
  return socket;
}

test('A socket has the session of the browser.', async (t) => {
  const socket = await openConnected(t, await signIn('ada'));
  t.is(await socket.emitWithAck('whoami'), 'ada');
});

test('Without a sign-in, no socket opens.', async (t) => {
  const socket = await open(t, app.browser());
  const error = await next(socket, 'connect_error');
  t.is(String(error), 'Error: Sign in first');
});

test('A socket reads what a page has changed since.', async (t) => {
  const browser = await signIn('ada');
  const socket = await openConnected(t, browser);
  const { query } = app.database;
  await query("UPDATE sessions SET sess = JSON_SET(sess, '$.name', 'eve') WHERE sid = ?", [
    await idOf(browser),
  ]);
  t.is(await socket.emitWithAck('whoami'), 'eve');
});

test('A message prolongs the session.', async (t) => {
  const browser = await signIn('ada');
  const socket = await openConnected(t, browser);
  const { query } = app.database;
  const id = await idOf(browser);
  await query('UPDATE sessions SET expired = UTC_TIMESTAMP(3) + INTERVAL 1 HOUR WHERE sid = ?', [
    id,
  ]);
  await socket.emitWithAck('whoami');
  const [row] = await query(
    'SELECT TIMESTAMPDIFF(HOUR, UTC_TIMESTAMP(3), expired) FROM sessions WHERE sid = ?',
    [id],
  );
  t.true(Number(row?.[0]) >= 22);
});

test('A sign-out in the process closes the sockets of the session, and no others.', async (t) => {
  const [browser, other] = [await signIn('ada'), await signIn('bob')];
  const [socket, otherSocket] = [await openConnected(t, browser), await openConnected(t, other)];
  const disconnected = next(socket, 'disconnect');
  await browser.post('/logout');
  await disconnected;
  t.is(await otherSocket.emitWithAck('whoami'), 'bob');
});

test('A message of a session that ended elsewhere closes its socket.', async (t) => {
  const browser = await signIn('ada');
  const socket = await openConnected(t, browser);
  const disconnected = next(socket, 'disconnect');
  await app.database.query('DELETE FROM sessions WHERE sid = ?', [await idOf(browser)]);
  socket.emit('whoami');
  await disconnected;
  t.true(socket.disconnected);
});

test('A quiet socket closes after its session ended in another process.', async (t) => {
  const second = await app.again({ CHECK_INTERVAL_MS: '100' });
  const browser = await signIn('ada', second);
  const socket = await openConnected(t, browser, second);
  const disconnected = next(socket, 'disconnect');
  const elsewhere = app.browser();
  await elsewhere.useCookies(await browser.cookies());
  await elsewhere.post('/logout');
  await disconnected;
  t.true(socket.disconnected);
});

/** Returns the session id in the signed cookie. */
async function idOf(browser: Browser): Promise<string> {
  const [, id = ''] =
    /connect\.sid=s:([^.]+)\./.exec(decodeURIComponent(await browser.cookies())) ?? [];
  return id;
}

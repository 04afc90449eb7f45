import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import type { Request } from 'express';
import expressSession, { MemoryStore, type SessionData } from 'express-session';
import { FallbackStore, MySQLSessionStore } from '../../src';
import { SessionStore } from '../../src/promise';
import { startProxy } from '../support/proxy';
import {
  createInstallation,
  createStore,
  openDefaultStore,
  patientBudget,
  session,
} from '../support/store';
import { Visit } from '../support/visit';

/** Returns the events so far: the name, the id, and the reason or the session's value. */
function record(store: MySQLSessionStore): () => Promise<unknown[][]> {
  const events: unknown[][] = [];
  for (const name of ['created', 'updated', 'touched', 'destroyed', 'lost'] as const) {
    store.on(name, (sid: string, what: string | SessionData | undefined) => {
      events.push([name, sid, typeof what === 'object' ? what.value : what]);
    });
  }
  return async () => {
    await nextTurn();
    return events.splice(0);
  };
}

test('A session that a request creates, changes, touches and destroys emits an event each.', async (t) => {
  const { store } = await createStore(t, { touchAfter: 0 });
  const events = record(store);
  const visit = Visit.first(store);
  visit.session.value = 1;
  await visit.save();
  t.deepEqual(await events(), [['created', visit.sid, 1]]);
  visit.session.value = 2;
  await visit.save();
  t.deepEqual(await events(), [['updated', visit.sid, 2]]);
  await visit.touch();
  t.deepEqual(await events(), [['touched', visit.sid, 2]]);
  await store.destroy(visit.sid);
  t.deepEqual(await events(), [['destroyed', visit.sid, 'destroy']]);
  await visit.save();
  t.deepEqual(await events(), [['lost', visit.sid, 2]]);
});

test('A call that writes nothing emits nothing.', async (t) => {
  const { store } = await createStore(t, { touchAfter: 60_000 });
  const visit = Visit.first(store);
  await visit.save();
  const events = record(store);
  await visit.touch();
  await visit.save();
  await store.get(visit.sid);
  await store.destroy('missing');
  t.deepEqual(await events(), []);
});

test('A session whose lifetime is over is destroyed with the reason expired.', async (t) => {
  const { store } = await createStore(t);
  const events = record(store);
  await store.set('sid', session(1));
  await store.set('sid', session(1, -1));
  t.deepEqual(await events(), [
    ['created', 'sid', 1],
    ['destroyed', 'sid', 'expired'],
  ]);
});

test('The promise API emits touched without a session after a touch by id.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const store = new SessionStore({
    connection: accountUrl,
    disableDbCleanup: true,
    retryBudget: patientBudget,
  });
  t.teardown(() => store.close());
  await store.set('sid', {});
  const [event] = await Promise.all([once(store, 'touched'), store.touch('sid', 120_000)]);
  t.deepEqual(event, ['sid', undefined]);
});

test('With pingInterval, a store emits disconnect and connect.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const proxy = await startProxy(t, accountUrl);
  const store = openDefaultStore(t, proxy.url, { pingInterval: 20 });
  await store.ready();
  const disconnected = once(store, 'disconnect');
  proxy.cut();
  await disconnected;
  const connected = once(store, 'connect');
  proxy.restore();
  await t.notThrowsAsync(connected);
});

test('While a store is disconnected, express-session serves requests without a session.', async (t) => {
  const store = new MySQLSessionStore(unused);
  t.teardown(() => store.close());
  const fallback = new FallbackStore(store, new MemoryStore());
  const options = { secret: 's', resave: false, saveUninitialized: false, store: fallback };
  const middleware = expressSession(options);
  const hasSession = () => {
    const request = Object.assign(new IncomingMessage(new Socket()), { url: '/' }) as Request;
    return new Promise((resolve) => {
      middleware(request, new ServerResponse(request) as never, () => {
        resolve('session' in request);
      });
    });
  };
  t.true(await hasSession());
  store.emit('disconnect');
  t.false(await hasSession());
  store.emit('connect');
  t.true(await hasSession());
});

const unused = { connection: 'mysql://app@127.0.0.1/shop', disableDbCleanup: true };

for (const store of [new MySQLSessionStore(unused), new SessionStore(unused)]) {
  test(`A listener of ${store.constructor.name} hears one event after once, and none after off.`, async (t) => {
    t.teardown(() => store.close());
    const heard: unknown[] = [];
    const listen = (sid: string) => heard.push(sid);
    store.once('touched', listen);
    store.emit('touched', 'a');
    store.emit('touched', 'b');
    store.on('touched', listen);
    store.off('touched', listen);
    store.emit('touched', 'c');
    t.deepEqual(heard, ['a']);
  });
}

test('Listeners that come after removeAllListeners hear the events, also those of addListener.', async (t) => {
  const { store } = await createStore(t);
  store.removeAllListeners();
  const heard: string[] = [];
  store.addListener('created', (sid: string) => heard.push(sid));
  await store.set('a', session(1));
  await nextTurn();
  store.removeAllListeners('created').prependListener('created', () => heard.push('prepended'));
  await store.set('b', session(1));
  await nextTurn();
  t.deepEqual(heard, ['a', 'prepended']);
});

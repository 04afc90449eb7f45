import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import express from 'express';
import expressSession, { type SessionOptions } from 'express-session';
import { CookieJar } from 'tough-cookie';
import { createStore, setExpiry, type TestStore } from '../../support/store';
import { waitUntil } from '../../support/wait-until';

declare module 'express-session' {
  interface SessionData {
    views?: number;
    user?: string;
  }
}

type Get = (path: string) => Promise<{ status: number; body: string; cookies: string[] }>;

interface App extends TestStore {
  /** Starts a browser with an empty cookie jar. */
  browser(): Get;
}

async function startApp(t: ExecutionContext, options: Partial<SessionOptions> = {}): Promise<App> {
  const installation = await createStore(t);
  const app = express();
  app.use(
    expressSession({
      secret: 'a secret for the tests',
      store: installation.store,
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: 60_000 },
      ...options,
    }),
  );
  app.get('/views', (request, response) => {
    request.session.views = (request.session.views ?? 0) + 1;
    response.send(String(request.session.views));
  });
  app.get('/peek', (request, response) => {
    response.send(String(request.session.views));
  });
  app.get('/login', (request, response, next) =>
    request.session.regenerate((error) => {
      if (error) {
        next(error);
        return;
      }
      request.session.user = 'zoe';
      response.send(request.sessionID);
    }),
  );
  app.get('/logout', (request, response, next) =>
    request.session.destroy((error) => (error ? next(error) : response.send('bye'))),
  );
  app.get('/forget', (request, response) => {
    request.session.destroy(() => {});
    response.send('bye');
  });

  const server = await new Promise<Server>((resolve) => {
    const listening = createServer(app).listen(0, '127.0.0.1', () => resolve(listening));
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { ...installation, browser: () => browserOf(origin) };
}

function browserOf(origin: string): Get {
  const jar = new CookieJar();
  return async (path) => {
    const response = await fetch(origin + path, {
      headers: { cookie: await jar.getCookieString(origin) },
    });
    const cookies = response.headers.getSetCookie();
    for (const cookie of cookies) {
      await jar.setCookie(cookie, origin);
    }
    return { status: response.status, body: await response.text(), cookies };
  };
}

test('A second request gets the session of the first.', async (t) => {
  const get = (await startApp(t)).browser();
  await get('/views');
  t.is((await get('/views')).body, '2');
});

test('Two browsers have two sessions.', async (t) => {
  const { browser } = await startApp(t);
  const [one, other] = [browser(), browser()];
  await one('/views');
  t.is((await other('/views')).body, '1');
});

test('The table has the session under the id in the cookie.', async (t) => {
  const { browser, query } = await startApp(t);
  const { body } = await browser()('/login');
  t.deepEqual(await query('SELECT sid FROM sessions'), [[body]]);
});

test('A regenerated session has no data and no row of the old one.', async (t) => {
  const { browser, query } = await startApp(t);
  const get = browser();
  await get('/views');
  await get('/login');
  t.is((await query('SELECT sid FROM sessions')).length, 1);
  t.is((await get('/peek')).body, 'undefined');
});

test('A destroyed session is gone.', async (t) => {
  const { browser, query } = await startApp(t);
  const get = browser();
  await get('/views');
  t.is((await get('/logout')).body, 'bye');
  t.is((await get('/views')).body, '1');
  t.is((await query('SELECT sid FROM sessions')).length, 1);
});

test('A destroy runs to its end without a caller that waits for it.', async (t) => {
  const { browser, query } = await startApp(t);
  const get = browser();
  await get('/views');
  t.is((await get('/forget')).body, 'bye');
  const isGone = async () => (await query('SELECT sid FROM sessions')).length === 0;
  await t.notThrowsAsync(waitUntil(isGone));
});

test('A request with an expired session gets a new session.', async (t) => {
  const app = await startApp(t);
  const get = app.browser();
  await get('/views');
  await setExpiry(app, -1);
  t.is((await get('/views')).body, '1');
});

test('A request that changes nothing prolongs the session.', async (t) => {
  const app = await startApp(t);
  const get = app.browser();
  await get('/views');
  await setExpiry(app, 10_000);
  await get('/peek');
  const [row] = await app.query(
    'SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expired) FROM sessions',
  );
  t.true(Number(row?.[0]) > 50);
});

test('A rolling cookie is sent with each response.', async (t) => {
  const get = (await startApp(t, { rolling: true })).browser();
  await get('/views');
  t.is((await get('/peek')).cookies.length, 1);
});

test('A cookie without an expiry gets none.', async (t) => {
  const get = (await startApp(t, { cookie: {}, rolling: true })).browser();
  await get('/views');
  t.notRegex(String((await get('/peek')).cookies), /expires/i);
});

test('A request can use a session that a script stored without a cookie.', async (t) => {
  const { browser, store, query } = await startApp(t);
  const get = browser();
  const { body: sid } = await get('/login');
  await Reflect.apply(store.set, store, [sid, { views: 41 }]);
  t.is((await get('/views')).body, '42');
  t.is((await query('SELECT sid FROM sessions')).length, 1);
});

test('A database failure leads to an error page, and not to a crash.', async (t) => {
  const { browser, query } = await startApp(t);
  const get = browser();
  await get('/views');
  await query('DROP PROCEDURE sess_get');
  t.is((await get('/views')).status, 500);
});

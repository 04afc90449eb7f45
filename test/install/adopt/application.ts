import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import express from 'express';
import session, { type Store } from 'express-session';
import { CookieJar } from 'tough-cookie';

declare module 'express-session' {
  interface SessionData {
    user?: string;
  }
}

/** Requests a path and returns the body. Both applications get the same cookies. */
export type Browser = (origin: string, path: string) => Promise<string>;

export function openBrowser(): Browser {
  const jar = new CookieJar();
  return async (origin, path) => {
    const response = await fetch(origin + path, {
      headers: { cookie: await jar.getCookieString(origin) },
    });
    for (const cookie of response.headers.getSetCookie()) {
      await jar.setCookie(cookie, origin);
    }
    return response.text();
  };
}

/** Starts an application with a login and a logout. Returns its origin. */
export async function startApplication(t: ExecutionContext, store: Store): Promise<string> {
  const app = express();
  app.use(
    session({
      store,
      secret: 'a secret for the tests',
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: 3_600_000 },
    }),
  );
  app.get('/login/:user', (request, response) => {
    request.session.user = request.params.user;
    response.send('welcome');
  });
  app.get('/whoami', (request, response) => {
    response.send(request.session.user ?? 'nobody');
  });
  app.get('/logout', (request, response, next) =>
    request.session.destroy((error) => (error ? next(error) : response.send('bye'))),
  );
  const server = await new Promise<Server>((resolve) => {
    const listening = createServer(app).listen(0, '127.0.0.1', () => resolve(listening));
  });
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

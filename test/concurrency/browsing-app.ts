import type { Express } from 'express';
import type { SessionOptions, Store } from 'express-session';
import { sessionApp } from './session-app';

declare module 'express-session' {
  interface SessionData {
    user?: string;
  }
}

/** An app that greets who has logged in, and whose cookies live for half an hour from each request on. */
export function browsingApp(store: Store, options: Partial<SessionOptions> = {}): Express {
  return sessionApp(
    store,
    (app) => {
      app.get('/login', ({ session }, response) => {
        session.user = 'zoe';
        response.send('Welcome');
      });
      app.get('/', ({ session }, response) => {
        response.send(`Hello ${session.user}`);
      });
    },
    { rolling: true, cookie: { maxAge: 1_800_000 }, ...options },
  );
}

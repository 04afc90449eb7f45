import type { Express } from 'express';
import type { Store } from 'express-session';
import { sessionApp } from './session-app';

/** An app that counts in the session, at each key for itself, when it is asked to. */
export function countingApp(store: Store): Express {
  return sessionApp(store, (app) => {
    app.get('/count/:key', ({ session, params: { key } }, response) => {
      const count = Number(Reflect.get(session, key) ?? 0) + 1;
      Reflect.set(session, key, count);
      response.send(String(count));
    });
    app.get('/counts', ({ session: { cookie: _, ...counts } }, response) => {
      response.json(counts);
    });
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Express } from 'express';
import type { Store } from 'express-session';
import { acts, isReloadOfNone } from './acts';
import type { Meeting } from './meeting';
import { sessionApp } from './session-app';

declare module 'express-session' {
  interface SessionData {
    user?: string;
  }
}

/** Where the requests of a session wait when they have loaded it, by its id. */
export type Meetings = Map<string, Meeting>;

/** What the app answers whoever is not logged in. */
export const anonymous = 'You are nobody';

/** An app to log in to and out of, with requests that have their session in hand for a while. */
export function logoutApp(store: Store, meetings: Meetings): Express {
  return sessionApp(store, (app) => {
    app.get('/login', ({ session, sessionID }, response) => {
      session.user = 'zoe';
      response.send(sessionID);
    });
    app.get('/logout', ({ session }, response, next) => {
      session.destroy((error) => (error ? next(error) : response.send('Bye')));
    });
    app.get('/user', ({ session }, response) => {
      response.send(session.user ?? anonymous);
    });
    app.get('/acts/:act', async (request, response) => {
      if (request.session.user === undefined) {
        response.send(anonymous);
        return;
      }
      await meetings.get(request.sessionID)?.attend();
      await sleep(3 * Math.random());
      try {
        await acts[request.params.act]?.(request);
        response.send('Done');
      } catch (error) {
        if (!isReloadOfNone(error)) {
          throw error;
        }
        response.status(410).send('There is nothing to reload');
      }
    });
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Express, Request } from 'express';
import type { Store } from 'express-session';
import type { Barrier } from './parallel';
import { sessionApp } from './session-app';

/** The barriers where requests wait after they have loaded their session, by session id. */
export type Barriers = Map<string, Barrier>;

/** The response to a request without a login. */
export const anonymous = 'Not logged in';

/** Creates an app with a login, a logout, and actions that keep a loaded session for a while. */
export function logoutApp(store: Store, barriers: Barriers): Express {
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
    app.get('/actions/:action', async (request, response) => {
      if (request.session.user === undefined) {
        response.send(anonymous);
        return;
      }
      await barriers.get(request.sessionID)?.arrive();
      await sleep(3 * Math.random());
      try {
        await actions[request.params.action]?.(request);
        response.send('Done');
      } catch (error) {
        if (!isReloadOfMissingSession(error)) {
          throw error;
        }
        response.status(410).send('The session no longer exists');
      }
    });
  });
}

type Action = (request: Request) => Promise<void>;

const change: Action = async ({ session }) => {
  session.value = Math.random();
};

const reload: Action = ({ session }) =>
  new Promise((resolve, reject) => {
    session.reload((error) => (error ? reject(error) : resolve()));
  });

const save: Action = ({ session }) =>
  new Promise((resolve, reject) => {
    session.save((error) => (error ? reject(error) : resolve()));
  });

/** What requests do with a loaded session, before express-session saves or touches it. */
const actions: Readonly<Record<string, Action>> = {
  change,
  touch: async () => {},
  reload,
  'reload-and-change': (request) => reload(request).finally(() => change(request)),
  'save-twice': async (request) => {
    await change(request);
    await save(request);
    await change(request);
  },
};

export const actionNames = Object.keys(actions);

/** Returns whether express-session found no session to reload. */
function isReloadOfMissingSession(error: unknown): boolean {
  return error instanceof Error && error.message === 'failed to load session';
}

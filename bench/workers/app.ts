import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import session, { type Store } from 'express-session';
import { contenderOf, type Place } from '../contenders';
import { dataOf, day } from '../sessions/data';
import { serve } from './remote';

interface Listening {
  /** The contender; undefined for an application without sessions. */
  readonly contender: { readonly name: string; readonly place: Place } | undefined;
  /** Characters of a session's JSON text. */
  readonly size: number;
}

const services = {
  /** Starts the application, and gives its URL. */
  listen: async ({ contender, size }: Listening): Promise<string> => {
    const store = contender && (await contenderOf(contender.name).open(contender.place, true)).store;
    const server: Server = (store ? appWith(store, size) : appWithout()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },

  /** The CPU time of this process so far, in milliseconds. */
  cpu: async (): Promise<number> => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};

export type AppServices = typeof services;

function appWith(store: Store, size: number): Express {
  const app = express();
  app.use(
    session({
      store,
      secret: 'secret',
      resave: false,
      saveUninitialized: false,
      rolling: false,
      cookie: { maxAge: day },
    }),
  );
  app.get('/sign-in', (request, response) => {
    Object.assign(request.session, dataOf(size));
    response.send('Welcome');
  });
  // Whoever is signed in is answered, so that no missing session goes for a fast one.
  app.use((request, response, next) => {
    if (request.session.user) next();
    else response.status(401).send('Sign in first');
  });
  app.get('/read', (request, response) => {
    response.send(`Hello, ${request.session.user?.name}`);
  });
  app.get('/change', (request, response) => {
    request.session.views = 1 + (request.session.views ?? 0);
    response.send(`Hello, ${request.session.user?.name}: ${request.session.views}`);
  });
  return app;
}

function appWithout(): Express {
  const app = express();
  app.get(['/sign-in', '/read', '/change'], (_request, response) => {
    response.send('Hello, whoever you are');
  });
  return app;
}

serve(services);

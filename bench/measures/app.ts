import express, { type Express } from 'express';
import session, { type Store } from 'express-session';
import { contentOf, lifetime } from '../sessions';

/** Returns an Express application with sessions of this size in a store. */
export function createApp(store: Store, size: number): Express {
  const app = express();
  app.use(
    session({
      store,
      secret: 'secret',
      resave: false,
      saveUninitialized: false,
      rolling: false,
      cookie: { maxAge: lifetime },
    }),
  );
  app.get('/sign-in', (request, response) => {
    Object.assign(request.session, contentOf(size));
    response.send('Welcome');
  });
  // A lost session must not count as a fast page.
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

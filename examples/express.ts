import express from 'express';
import session from 'express-session';
import { MySQLSessionStore } from 'knex-mysql-session';
import { closeOnSigterm, printUrl, run } from './run';
import { day, type Visitor, welcome } from './visitor';

declare module 'express-session' {
  interface SessionData extends Visitor {}
}

run(async ({ url, secret, port }) => {
  const store = new MySQLSessionStore({ connection: url });
  const app = express();
  const cookie = { maxAge: day };
  app.use(
    session({ store, secret, cookie, rolling: true, resave: false, saveUninitialized: false }),
  );

  app.get('/', ({ session }, response) => {
    response.send(welcome(session));
  });
  app.post('/color', ({ session, query }, response) => {
    session.color = String(query.is);
    response.send('Saved');
  });
  app.post('/login', (request, response, next) => {
    // A new session id prevents session fixation.
    request.session.regenerate((error) => {
      if (error) return next(error);
      request.session.name = String(request.query.name);
      response.send('Hello');
    });
  });
  app.post('/logout', ({ session }, response, next) => {
    session.destroy((error) => (error ? next(error) : response.send('Goodbye')));
  });

  await store.ready();
  const server = app.listen(port, () => printUrl(server));
  closeOnSigterm(server, () => store.close());
});

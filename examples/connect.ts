import { createServer } from 'node:http';
import connect from 'connect';
import type { Request, Response } from 'express';
import session from 'express-session';
import knex from 'knex';
import { MySQLSessionStore } from 'knex-mysql-session';
import { closeOnSigterm, printUrl, run } from './run';
import { day, type Visitor, welcome } from './visitor';

declare module 'express-session' {
  interface SessionData extends Visitor {}
}

run(async ({ url, secret, port }) => {
  // The application can use this pool for its own queries too.
  const database = knex({ client: 'mysql2', connection: url });
  const store = new MySQLSessionStore({ knex: database });
  const cookie = { maxAge: day };
  const sessions = session({
    store,
    secret,
    cookie,
    rolling: true,
    resave: false,
    saveUninitialized: false,
  });
  const app = connect();

  // The types of express-session expect Express, but it works with Node's own requests.
  app.use((request, response, next) => sessions(request as Request, response as Response, next));
  app.use((message, response, next) => {
    const request = message as Request;
    const { pathname, searchParams } = new URL(message.url ?? '/', 'http://localhost');
    switch (`${message.method} ${pathname}`) {
      case 'GET /':
        return response.end(welcome(request.session));
      case 'POST /color':
        request.session.color = String(searchParams.get('is'));
        return response.end('Saved');
      case 'POST /login':
        // A new session id prevents session fixation.
        return request.session.regenerate((error) => {
          if (error) return next(error);
          request.session.name = String(searchParams.get('name'));
          response.end('Hello');
        });
      case 'POST /logout':
        return request.session.destroy((error) => (error ? next(error) : response.end('Goodbye')));
      default:
        return next();
    }
  });

  await store.ready();
  const server = createServer(app).listen(port, () => printUrl(server));
  // The pool closes last.
  closeOnSigterm(server, () => store.close().then(() => database.destroy()));
});

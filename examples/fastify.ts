import cookies from '@fastify/cookie';
import session from '@fastify/session';
import fastify from 'fastify';
import { MySQLSessionStore } from 'knex-mysql-session';
import { endKeepAlive, printUrl, run } from './run';
import { day, type Visitor, welcome } from './visitor';

declare module 'fastify' {
  interface Session extends Visitor {}
}

run(async ({ url, secret, port }) => {
  const store = new MySQLSessionStore({ connection: url });
  const app = fastify();
  await app.register(cookies);
  // 'auto' makes the cookie Secure over HTTPS only.
  const cookie = { maxAge: day, secure: 'auto' } as const;
  await app.register(session, { store, secret, cookie, saveUninitialized: false });

  app.get('/', ({ session }) => welcome(session));
  app.post<{ Querystring: { is: string } }>('/color', ({ session, query }) => {
    session.color = query.is;
    return 'Saved';
  });
  app.post<{ Querystring: { name: string } }>('/login', async (request) => {
    // A new session id prevents session fixation.
    await request.session.regenerate();
    request.session.name = request.query.name;
    return 'Hello';
  });
  app.post('/logout', async ({ session }) => {
    await session.destroy();
    return 'Goodbye';
  });

  await store.ready();
  await app.listen({ port });
  printUrl(app.server);
  endKeepAlive(app.server);
  // Requests under way end first, then the calls of the store.
  process.once('SIGTERM', () => app.close().then(() => store.close()));
});

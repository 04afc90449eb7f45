import express from 'express';
import session from 'express-session';
import { MySQLSessionStore } from 'knex-mysql-session';
import { closeOnSigterm, printUrl, run } from '../../run';
import { day, type Visitor, welcome } from '../../visitor';

declare module 'express-session' {
  interface SessionData extends Visitor {}
}

run(async ({ url, secret, port }) => {
  const store = new MySQLSessionStore({ connection: url });
  const app = express();
  // The startup probe: is the installation there, and may the account use it?
  app.get('/started', async (_, response) => {
    await store.ready();
    response.send('started');
  });
  // The readiness probe: does the server take writes now?
  app.get('/health', async (_, response) => {
    const { writable, latencyMs, host } = await store.ping({ timeout: 1_000 });
    response.status(writable ? 200 : 503).json({ writable, latencyMs, host });
  });
  app.use(
    session({ store, secret, cookie: { maxAge: day }, resave: false, saveUninitialized: false }),
  );
  app.get('/', ({ session }, response) => {
    response.send(welcome(session));
  });

  const server = app.listen(port, () => printUrl(server));
  closeOnSigterm(server, () => store.close());
});

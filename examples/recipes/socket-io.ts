import { createServer, type IncomingMessage } from 'node:http';
import express from 'express';
import session, { type Session } from 'express-session';
import { MySQLSessionStore } from 'knex-mysql-session';
import { Server } from 'socket.io';
import { closeOnSigterm, printUrl, run } from '../run';
import { day } from '../visitor';

declare module 'express-session' {
  interface SessionData {
    name?: string;
  }
}

type SessionRequest = IncomingMessage & { session: Session & { name?: string } };

// How often, in milliseconds, a quiet socket looks if its session still exists.
const checkInterval = Number(process.env.CHECK_INTERVAL_MS ?? 30_000);

run(async ({ url, secret, port }) => {
  const store = new MySQLSessionStore({ connection: url });
  const cookie = { maxAge: day };
  const sessions = session({ store, secret, cookie, resave: false, saveUninitialized: false });
  const app = express();
  app.use(sessions);
  app.post('/login', (request, response, next) => {
    request.session.regenerate((error) => {
      if (error) return next(error);
      request.session.name = String(request.query.name);
      response.send('Hello');
    });
  });
  app.post('/logout', ({ session }, response, next) => {
    session.destroy((error) => (error ? next(error) : response.send('Goodbye')));
  });

  const server = createServer(app);
  const io = new Server(server);
  io.engine.use(sessions);
  io.use(({ request }, next) => {
    next((request as SessionRequest).session.name ? undefined : new Error('Sign in first'));
  });
  io.on('connection', (socket) => {
    const request = socket.request as SessionRequest;
    const { id } = request.session;
    socket.join(id);

    // Each message keeps the session alive, and reads what pages have changed since.
    socket.use((_, next) => {
      request.session.reload((error) => {
        if (error) socket.disconnect(true);
        else request.session.touch().save(next);
      });
    });
    socket.on('whoami', (reply: (name: string | undefined) => void) => reply(request.session.name));

    // Another process can end the session. The store reads many sessions in one round trip.
    const timer = setInterval(async () => {
      const found = await store.get(id).catch(() => 'unknown');
      if (found === null) socket.disconnect(true);
    }, checkInterval);
    socket.on('disconnect', () => clearInterval(timer));
  });
  // A sign-out in this process closes its sockets at once.
  store.on('destroyed', (id) => io.in(id).disconnectSockets(true));

  await store.ready();
  server.listen(port, () => printUrl(server));
  closeOnSigterm(server, async () => {
    await io.close();
    await store.close();
  });
});

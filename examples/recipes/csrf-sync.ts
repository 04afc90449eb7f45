import { csrfSync } from 'csrf-sync';
import express from 'express';
import session from 'express-session';
import { MySQLSessionStore } from 'knex-mysql-session';
import { closeOnSigterm, printUrl, run } from '../run';
import { day } from '../visitor';

declare module 'express-session' {
  interface SessionData {
    color?: string;
  }
}

// The token is in the session, so it ends with the session and needs no cookie.
const { generateToken, csrfSynchronisedProtection } = csrfSync({
  getTokenFromRequest: ({ body }) => body?.token,
});

run(async ({ url, secret, port }) => {
  const store = new MySQLSessionStore({ connection: url });
  const app = express();
  app.use(express.urlencoded());
  const cookie = { maxAge: day, sameSite: 'lax' } as const;
  app.use(session({ store, secret, cookie, resave: false, saveUninitialized: false }));

  app.get('/', (request, response) => {
    response.send(`<p>Color: ${request.session.color ?? 'none'}</p>
      <form method="post" action="/teal">
        <input type="hidden" name="token" value="${generateToken(request)}">
        <button>Teal</button>
      </form>`);
  });
  // GET needs no token, and must change nothing.
  app.use(csrfSynchronisedProtection);
  app.post('/teal', ({ session }, response) => {
    session.color = 'teal';
    response.redirect('/');
  });

  await store.ready();
  const server = app.listen(port, () => printUrl(server));
  closeOnSigterm(server, () => store.close());
});

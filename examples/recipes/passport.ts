import express from 'express';
import session from 'express-session';
import { MySQLSessionStore } from 'knex-mysql-session';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { closeOnSigterm, printUrl, run } from '../run';
import { day } from '../visitor';

declare global {
  namespace Express {
    interface User {
      readonly id: number;
      readonly name: string;
    }
  }
}

declare module 'express-session' {
  interface SessionData {
    cart?: string[];
  }
}

// Passport keeps what serializeUser returns in session.passport.user. A DBA adds the attribute:
// knex-mysql-session attribute add user_id --path '$.passport.user' --type BIGINT
const attributes = { user_id: 'number' } as const;

// An application reads its users from a table, with a hash of each password.
const users = [
  { id: 1, name: 'ada', password: 'engine' },
  { id: 2, name: 'bob', password: 'builder' },
];

passport.use(
  new Strategy((name, password, done) => {
    done(null, users.find((user) => user.name === name && user.password === password) ?? false);
  }),
);
passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser<number>((id, done) => {
  done(null, users.find((user) => user.id === id) ?? false);
});

run(async ({ url, secret, port }) => {
  const store = new MySQLSessionStore({ connection: url, attributes });
  const app = express();
  app.use(express.urlencoded());
  app.use(
    session({ store, secret, cookie: { maxAge: day }, resave: false, saveUninitialized: false }),
  );
  app.use(passport.session());

  app.get('/', ({ user, session: { cart = [] } }, response) => {
    response.send(`${user?.name ?? 'guest'}: ${cart.join(', ')}`);
  });
  app.post('/cart', ({ body, session }, response) => {
    session.cart = [...(session.cart ?? []), String(body.item)];
    response.send('Added');
  });
  // Passport gives the session a new id. keepSessionInfo keeps the cart of the guest.
  app.post('/login', passport.authenticate('local', { keepSessionInfo: true }), (_, response) => {
    response.send('Hello');
  });
  app.post('/logout', (request, response, next) => {
    request.logout((error) => (error ? next(error) : response.send('Goodbye')));
  });
  app.post('/logout-others', async ({ user, sessionID }, response) => {
    const ended = user ? await store.destroyBy('user_id', user.id, { except: sessionID }) : 0;
    response.send(String(ended));
  });

  await store.ready();
  const server = app.listen(port, () => printUrl(server));
  closeOnSigterm(server, () => store.close());
});

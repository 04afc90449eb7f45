import express, { type Express } from 'express';
import session, { type Store } from 'express-session';
import { homePage, longestName, signInPage } from './pages';
import { signIn, signOut } from './sign-in';

/** The application: sign in, see who is signed in, sign out. */
export function createApp(store: Store, secret: string): Express {
  const app = express();
  app.use(
    session({
      store,
      secret,
      resave: false,
      saveUninitialized: false,
      // Lax keeps other sites from posting the forms. An application behind HTTPS adds `secure: true`.
      cookie: { httpOnly: true, sameSite: 'lax' },
    }),
  );
  app.use(express.urlencoded({ extended: false }));
  app.use((_request, response, next) => {
    // After a sign-out, the browser's back button must not show the page again.
    response.set('Cache-Control', 'no-store');
    next();
  });

  app.get('/', ({ session }, response) => {
    if (session.name === undefined) {
      response.send(signInPage().text);
      return;
    }
    session.visits = (session.visits ?? 0) + 1;
    response.send(homePage(session.name, session.visits).text);
  });

  app.post('/sign-in', async (request, response) => {
    const name = String(request.body?.name ?? '').trim();
    if (name === '' || name.length > longestName) {
      response.status(400).send(signInPage(`Please give a name of 1 to ${longestName} characters.`).text);
      return;
    }
    await signIn(request, name);
    response.redirect(303, '/');
  });

  app.post('/sign-out', async (request, response) => {
    await signOut(request);
    response.clearCookie('connect.sid').redirect(303, '/');
  });

  return app;
}

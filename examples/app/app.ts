import express, { type Express } from 'express';
import session from 'express-session';
import { account } from './account';
import { type AppStore, Devices } from './devices';
import { showError, showNotFound } from './errors';
import { fromOwnForm, fromThisSite } from './forms';
import { setHeaders } from './headers';
import { keepLastSeen } from './last-seen';
import { homePage, signInPage } from './pages';
import { signIn, signOut } from './sign-in';
import { longestName, userIn, userOf } from './user';

/** The application: sign in, see who is signed in and where, sign out here or there. */
export function createApp(store: AppStore, secret: string): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(setHeaders);
  app.use(
    session({
      store,
      secret,
      resave: false,
      saveUninitialized: false,
      // An application behind HTTPS adds `secure: true`.
      cookie: { httpOnly: true, sameSite: 'lax' },
    }),
  );
  app.use(express.urlencoded({ extended: false }));
  app.use(keepLastSeen);

  app.get('/', ({ session }, response) => {
    const user = userIn(session);
    if (user === undefined) {
      response.send(signInPage().text);
      return;
    }
    session.visits = (session.visits ?? 0) + 1;
    response.send(homePage(user, session.visits, session.formToken ?? '').text);
  });

  app.post('/sign-in', fromThisSite, async (request, response) => {
    const user = userOf(request.body?.name);
    if (user === undefined) {
      response.status(400).send(signInPage(`Please give a name of 1 to ${longestName} characters.`).text);
      return;
    }
    await signIn(request, user);
    response.redirect(303, '/');
  });

  app.post('/sign-out', fromOwnForm, async (request, response) => {
    await signOut(request);
    response.clearCookie('connect.sid').redirect(303, '/');
  });

  app.use('/account', account(new Devices(store, secret)));

  app.use(showNotFound);
  app.use(showError);
  return app;
}

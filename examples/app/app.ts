import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import session from 'express-session';
import { type AppStore, Devices } from './devices';
import { accountPage, failurePage, homePage, notFoundPage, signInPage } from './pages';
import { requireFormToken, requireSameSite, setHeaders } from './security';
import {
  longestName,
  parseUser,
  save,
  signIn,
  signOut,
  type User,
  updateLastSeen,
  userOf,
} from './session';

/**
 * An application in which users sign in, see their devices, and sign out on each of them.
 *
 * @param maxDevices how many devices of a user stay signed in; 0 for any number
 */
export function createApp(store: AppStore, secret: string, maxDevices = 0): Express {
  const app = express();
  const devices = new Devices(store, secret, maxDevices);
  app.disable('x-powered-by');
  app.use(setHeaders);
  app.use(
    session({
      store,
      secret,
      resave: false,
      saveUninitialized: false,
      // Add `secure: true` for HTTPS.
      cookie: { httpOnly: true, sameSite: 'lax' },
    }),
  );
  app.use(express.urlencoded({ extended: false }));
  app.use(updateLastSeen);

  app.get('/', async ({ session, headers }, response) => {
    const user = userOf(session);
    if (user === undefined) {
      const [, handle] = /(?:^|; )device=([\w-]+)/.exec(headers.cookie ?? '') ?? [];
      const isEnded = handle !== undefined && (await devices.wasEndedByLimit(handle));
      response.send(signInPage(isEnded ? endedByLimit : '').text);
      return;
    }
    session.visits = (session.visits ?? 0) + 1;
    response.send(homePage(user, session.visits, session.formToken ?? '').text);
  });

  app.post('/sign-in', requireSameSite, async (request, response) => {
    const user = parseUser(request.body?.name);
    if (user === undefined) {
      const problem = `Please give a name of 1 to ${longestName} characters.`;
      response.status(400).send(signInPage(problem).text);
      return;
    }
    await signIn(request, user);
    const handle = await devices.limit(user, request.sessionID);
    if (handle) response.cookie('device', handle, { httpOnly: true, sameSite: 'lax' });
    response.redirect(303, '/');
  });

  app.post('/sign-out', requireFormToken, async (request, response) => {
    await signOut(request);
    response.clearCookie('connect.sid').redirect(303, '/');
  });

  app.use('/account', accountRoutes(devices));

  app.use(showNotFound);
  app.use(showError);
  return app;
}

const endedByLimit =
  'You were signed out here, because you signed in on another device. You can sign in again.';

/** The page that lists the user's devices, and its forms. */
function accountRoutes(devices: Devices): Router {
  const router = Router();

  router.get(
    '/',
    signedIn(async ({ session, sessionID }, response, user) => {
      const { notice, formToken: token = '' } = session;
      delete session.notice;
      const found = await devices.list(user, sessionID);
      response.send(accountPage({ user, devices: found, notice, token }).text);
    }),
  );

  router.post(
    '/sign-out',
    requireFormToken,
    signedIn(async (request, response, user) => {
      const handle = String(request.body.device ?? '');
      const name = await devices.signOut(user, request.sessionID, handle);
      const notice = name ? `${name} is signed out.` : 'That device was signed out already.';
      await showNotice(request, response, notice);
    }),
  );

  router.post(
    '/sign-out-others',
    requireFormToken,
    signedIn(async (request, response, user) => {
      const count = await devices.signOutOthers(user, request.sessionID);
      const others = count === 1 ? 'device is' : 'devices are';
      await showNotice(request, response, `${count} other ${others} signed out.`);
    }),
  );

  return router;
}

async function showNotice(request: Request, response: Response, notice: string): Promise<void> {
  request.session.notice = notice;
  await save(request);
  response.redirect(303, '/account');
}

type UserHandler = (request: Request, response: Response, user: User) => Promise<void>;

/** Handles requests of a user who is signed in. Redirects others to the sign-in page. */
function signedIn(handle: UserHandler): RequestHandler {
  return async (request, response) => {
    const user = userOf(request.session);
    if (user === undefined) {
      response.redirect(303, '/');
    } else {
      await handle(request, response, user);
    }
  };
}

const showNotFound: RequestHandler = (_request, response) => {
  response.status(404).send(notFoundPage().text);
};

/** Logs the error. The visitor sees no details. */
const showError: ErrorRequestHandler = (error, _request, response, next) => {
  const status = statusOf(error);
  if (status >= 500) {
    console.error(error);
  }
  if (response.headersSent) {
    // It is too late for a page: Express closes the connection.
    next(error);
    return;
  }
  response.status(status).send(failurePage().text);
};

/** Returns the status that Express gives to bad requests, else 500. */
function statusOf(error: unknown): number {
  const status: unknown = Object(error).status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

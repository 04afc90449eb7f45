import { Router } from 'express';
import { accountPage } from './account-page';
import type { Devices } from './devices';
import { fromOwnForm } from './forms';
import { save } from './sign-in';
import { signedIn } from './signed-in';

/** Where somebody is signed in, and the ways to change that. */
export function account(devices: Devices): Router {
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
    fromOwnForm,
    signedIn(async (request, response, user) => {
      const name = await devices.signOut(user, request.sessionID, String(request.body.device ?? ''));
      request.session.notice =
        name === undefined ? 'That device was signed out already.' : `${name} is signed out.`;
      await save(request);
      response.redirect(303, '/account');
    }),
  );

  router.post(
    '/sign-out-others',
    fromOwnForm,
    signedIn(async (request, response, user) => {
      const count = await devices.signOutOthers(user, request.sessionID);
      request.session.notice = `${count} other ${count === 1 ? 'device is' : 'devices are'} signed out.`;
      await save(request);
      response.redirect(303, '/account');
    }),
  );

  return router;
}

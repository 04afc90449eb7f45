import type { Request, RequestHandler, Response } from 'express';
import { type User, userIn } from './user';

type Handler = (request: Request, response: Response, user: User) => Promise<void>;

/** Handles a request of somebody who is signed in; anybody else is asked to sign in. */
export function signedIn(handle: Handler): RequestHandler {
  return async (request, response) => {
    const user = userIn(request.session);
    if (user === undefined) {
      response.redirect(303, '/');
    } else {
      await handle(request, response, user);
    }
  };
}

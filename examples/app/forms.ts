import type { Request, RequestHandler } from 'express';
import { refusalPage } from './pages';
import { isSameText } from './same-text';
import './session-data';

/** Lets in only what a form on a page of the same session has sent. */
export const fromOwnForm: RequestHandler = ({ session, body }, response, next) => {
  const { userId, formToken } = session;
  if (userId === undefined || formToken === undefined) {
    // It was ended since the page was shown.
    response.redirect(303, '/');
  } else if (isSameText(String(body?.token ?? ''), formToken)) {
    next();
  } else {
    response.status(403).send(refusalPage().text);
  }
};

/** Lets in only what a page of this site has sent, where there is no session yet that a token could belong to. */
export const fromThisSite: RequestHandler = (request, response, next) => {
  if (isFromThisSite(request)) {
    next();
  } else {
    response.status(403).send(refusalPage().text);
  }
};

// A browser says it in one of these headers at least, and no page can change them.
function isFromThisSite(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) {
    return site === 'same-origin';
  }
  return request.get('origin') === `${request.protocol}://${request.host}`;
}

import { timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { refusalPage } from './pages';
import { styleHash } from './style';

const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src '${styleHash}'`,
  // The empty icon of the pages.
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sets the headers of every answer, also of errors. */
export const setHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    // After a sign-out, the back button must not show the page again.
    'Cache-Control': 'no-store',
    'Content-Security-Policy': contentSecurityPolicy,
    // `no-referrer` would also hide the origin of this site's own forms.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  next();
};

/** Accepts forms with the token of the session only. */
export const requireFormToken: RequestHandler = ({ session, body }, response, next) => {
  const { userId, formToken } = session;
  if (userId === undefined || formToken === undefined) {
    // The session has ended since the browser loaded the page.
    response.redirect(303, '/');
  } else if (isSameText(String(body?.token ?? ''), formToken)) {
    next();
  } else {
    response.status(403).send(refusalPage().text);
  }
};

/** Accepts requests from pages of this site only. The sign-in has no session with a token yet. */
export const requireSameSite: RequestHandler = (request, response, next) => {
  if (isFromThisSite(request)) {
    next();
  } else {
    response.status(403).send(refusalPage().text);
  }
};

// Browsers send at least one of these headers, and pages cannot change them.
function isFromThisSite(request: Request): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) {
    return site === 'same-origin';
  }
  return request.get('origin') === `${request.protocol}://${request.host}`;
}

/** Compares secrets in a time that depends on their length only. */
export function isSameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

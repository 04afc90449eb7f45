import type { RequestHandler } from 'express';
import { styleHash } from './style';

const policy = [
  "default-src 'none'",
  `style-src '${styleHash}'`,
  // The empty icon of the pages.
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What every answer tells the browser, errors included. */
export const setHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    // After a sign-out, the browser's back button must not show the page again.
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy,
    // Not `no-referrer`, which would hide from the forms' own site where they come from.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  next();
};

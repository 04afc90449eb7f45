import { isDeepStrictEqual } from 'node:util';
import type { Expiry } from './expiry';
import { lifetimeWithin } from './lifetime';

/** The cookie of a session: express-session's, @fastify/session's, or that of a plain object. */
interface Cookie {
  expires?: Date | string | number | false | null;
  readonly originalMaxAge?: number | null;
  readonly maxAge?: number | null;
}

/** Sessions live until their cookie expires. A browser drops one without an expiry at the end of its session. */
export const cookieExpiry: Expiry = {
  remaining(session, now) {
    const { expires, maxAge } = cookieOf(session) ?? {};
    if (expires !== undefined && expires !== null && expires !== false) {
      return lifetimeWithin('session.cookie.expires', new Date(expires).getTime() - now, expires, now);
    }
    return maxAge === undefined || maxAge === null
      ? undefined
      : lifetimeWithin('session.cookie.maxAge', maxAge, maxAge, now);
  },

  // An expiry on a certain date tells no lifetime.
  whole(session) {
    const { expires, originalMaxAge } = cookieOf(session) ?? {};
    return originalMaxAge ?? (expires ? 0 : undefined);
  },

  show(session, endsAt) {
    const cookie = cookieOf(session);
    if (cookie?.expires) {
      cookie.expires = endsAt;
    }
  },

  isSame: (key, one, other) =>
    key === 'cookie' && isObject(one) && isObject(other)
      ? isSameCookie(one, other)
      : isDeepStrictEqual(one, other),
};

function cookieOf(session: object): Cookie | null | undefined {
  return (session as { cookie?: Cookie | null }).cookie;
}

/** In milliseconds. */
const clockTolerance = 10;

/**
 * A cookie is built anew for each request, with its keys in an order of its own, and a lifetime that
 * express-session computes from the clock, so that it is a millisecond off now and then. Whether it expires at all
 * is a change, for a cookie without an expiry is gone with the browser.
 */
function isSameCookie(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => {
    const [value, otherValue] = [one[key], other[key]];
    switch (key) {
      case 'expires':
        return Boolean(value) === Boolean(otherValue);
      case 'originalMaxAge':
        return typeof value === 'number' && typeof otherValue === 'number'
          ? Math.abs(value - otherValue) <= clockTolerance
          : value === otherValue;
      // @fastify/session keeps here what `expires` was when it loaded the session.
      case 'originalExpires':
        return true;
      default:
        return isDeepStrictEqual(value, otherValue);
    }
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { isDeepStrictEqual } from 'node:util';
import { parseLifetime } from '../sessions/expiration-policy';
import type { SessionAdapter } from '../sessions/session-adapter';

/** The cookie of a session of express-session or @fastify/session, or of a plain object. */
interface Cookie {
  expires?: Date | string | number | false | null;
  readonly originalMaxAge?: number | null;
  readonly maxAge?: number | null;
}

/** For sessions that live until their cookie expires. */
export const cookieAdapter: SessionAdapter = {
  ttl(session, now) {
    const { expires, maxAge } = cookieOf(session) ?? {};
    if (expires !== undefined && expires !== null && expires !== false) {
      const lifetime = new Date(expires).getTime() - now;
      return parseLifetime('session.cookie.expires', lifetime, now, expires, 'a date');
    }
    return maxAge === undefined || maxAge === null
      ? undefined
      : parseLifetime('session.cookie.maxAge', maxAge, now);
  },

  originalMaxAge(session) {
    const { expires, originalMaxAge } = cookieOf(session) ?? {};
    // Without `originalMaxAge`, an expiry is a fixed date. It does not say the whole lifetime.
    return originalMaxAge ?? (expires ? 0 : undefined);
  },

  setExpires(session, expires) {
    const cookie = cookieOf(session);
    // A browser deletes a cookie without an expiry when it closes: leave that cookie alone.
    if (cookie?.expires) {
      cookie.expires = expires;
    }
  },

  isSameValue: (key, before, after) =>
    key === 'cookie' && isObject(before) && isObject(after)
      ? isSameCookie(before, after)
      : isDeepStrictEqual(before, after),
};

function cookieOf(session: object): Cookie | null | undefined {
  return (session as { cookie?: Cookie | null }).cookie;
}

/** In milliseconds. express-session computes `originalMaxAge` from the clock for each request. */
const clockTolerance = 10;

/** Ignores the order of the keys, which differs in each request, and the time of the expiry. */
function isSameCookie(before: Record<string, unknown>, after: Record<string, unknown>): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].every((key) => isSameCookieValue(key, before[key], after[key]));
}

function isSameCookieValue(key: string, before: unknown, after: unknown): boolean {
  switch (key) {
    case 'expires':
      // A cookie without an expiry ends with the browser: to add or remove one is a change.
      return Boolean(before) === Boolean(after);
    case 'originalMaxAge':
      return typeof before === 'number' && typeof after === 'number'
        ? Math.abs(before - after) <= clockTolerance
        : before === after;
    case 'originalExpires':
      // @fastify/session stores here the `expires` of the loaded session.
      return true;
    default:
      return before === after || isDeepStrictEqual(before, after);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

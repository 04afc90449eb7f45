import { isDeepStrictEqual } from 'node:util';
import { parseLifetime } from '../sessions/expiration-policy';
import type { SessionAdapter } from '../sessions/session-adapter';

/** What koa-session adds to a session. */
interface KoaSession {
  /** When the session ends, in milliseconds since 1970. */
  _expire?: unknown;
  /** The lifetime in milliseconds. */
  readonly _maxAge?: number;
}

/** For sessions of koa-session. Without `_expire`, the cookie ends with the browser. */
export const koaSessionAdapter: SessionAdapter = {
  ttl(session, now) {
    const { _expire } = session as KoaSession;
    if (_expire === undefined) {
      return undefined;
    }
    const lifetime = typeof _expire === 'number' ? _expire - now : undefined;
    return parseLifetime('session._expire', lifetime, now, _expire);
  },

  originalMaxAge: (session) => (session as KoaSession)._maxAge,

  setExpires(session, expires) {
    const koaSession: KoaSession = session;
    if (koaSession._expire !== undefined) {
      koaSession._expire = expires.getTime();
    }
  },

  isSameValue: (key, before, after) => key === '_expire' || isDeepStrictEqual(before, after),
};

/**
 * For sessions of koa-generic-session and koa-session-minimal. They have no expiry: the middleware
 * passes a lifetime to `set`.
 */
export const ttlAdapter: SessionAdapter = {
  ttl: () => undefined,
  originalMaxAge: () => undefined,
  setExpires: () => {},
  isSameValue: (_key, before, after) => isDeepStrictEqual(before, after),
};

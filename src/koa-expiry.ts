import { isDeepStrictEqual } from 'node:util';
import type { Expiry } from './expiry';
import { lifetimeWithin } from './lifetime';

/** What koa-session puts into a session: when it ends, as milliseconds since 1970, and its lifetime in milliseconds. */
interface Timed {
  _expire?: unknown;
  readonly _maxAge?: number;
}

/** Sessions of koa-session live until `_expire`, without which the browser drops the cookie. */
export const koaSessionExpiry: Expiry = {
  remaining(session, now) {
    const { _expire } = session as Timed;
    if (_expire === undefined) {
      return undefined;
    }
    const remaining = typeof _expire === 'number' ? _expire - now : undefined;
    return lifetimeWithin('session._expire', remaining, _expire, now);
  },

  whole: (session) => (session as Timed)._maxAge,

  show(session, endsAt) {
    const timed: Timed = session;
    if (timed._expire !== undefined) {
      timed._expire = endsAt.getTime();
    }
  },

  isSame: (key, one, other) => key === '_expire' || isDeepStrictEqual(one, other),
};

/** Sessions of koa-generic-session and koa-session-minimal say nothing: the middleware passes a lifetime to `set`. */
export const noExpiry: Expiry = {
  remaining: () => undefined,
  whole: () => undefined,
  show: () => {},
  isSame: (_key, one, other) => isDeepStrictEqual(one, other),
};

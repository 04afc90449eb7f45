import { ArgumentError, describe } from './errors';

/** The part of a session that says how long it lives: of express-session's cookie, or of a plain object. */
export interface Expiring {
  readonly cookie?: {
    readonly originalMaxAge?: number | null;
    readonly expires?: Date | string | number | false | null;
    readonly maxAge?: number | null;
  } | null;
}

/** The last millisecond that a server's DATETIME can hold. https://dev.mysql.com/doc/refman/en/datetime.html */
const endOfDatetime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * How many milliseconds the session is to live from `now`: until its cookie expires, or, where the cookie
 * says nothing (the browser drops it at the end of its session), `ttl`. Zero or less where it is over.
 *
 * @throws {ArgumentError} for a date that is none, or after the year 9999
 */
export function lifetimeOf<Session extends object>(
  session: Session,
  ttl: number | ((session: Session) => number),
  now: number,
): number {
  const { expires, maxAge } = (session as Expiring).cookie ?? {};
  if (expires !== undefined && expires !== null && expires !== false) {
    return within('session.cookie.expires', new Date(expires).getTime() - now, expires, now);
  }
  if (maxAge !== undefined && maxAge !== null) {
    return within('session.cookie.maxAge', maxAge, maxAge, now);
  }
  const lifetime = typeof ttl === 'function' ? ttl(session) : ttl;
  if (!(lifetime > 0)) {
    throw new ArgumentError('ttl', 'a lifetime in milliseconds, more than 0', describe(lifetime));
  }
  return within('ttl', lifetime, lifetime, now);
}

/** The longest pad that is given unasked, in milliseconds. */
const longestPad = 60_000;

/**
 * By how many milliseconds the row of a session outlives its cookie, so that not every request has to prolong
 * it: `touchAfter`, or else 1 % of the lifetime, at most a minute. It follows from what is stored with the
 * session alone, since whoever reads it takes it off again; so an expiry on a certain date, which tells no
 * lifetime, gets none unasked.
 */
export function padOf(session: object, lifetime: number, touchAfter: number | undefined): number {
  if (touchAfter !== undefined) {
    return touchAfter;
  }
  const { expires, originalMaxAge } = (session as Expiring).cookie ?? {};
  const usual = originalMaxAge ?? (expires ? 0 : lifetime);
  return usual > 0 ? Math.min(Math.floor(usual / 100), longestPad) : 0;
}

/** How many milliseconds a row is to live whose session lives for `lifetime`. */
export function rowLifetimeOf(lifetime: number, pad: number, now: number): number {
  const padded = lifetime + Math.ceil(pad);
  return now + padded > endOfDatetime ? lifetime : padded;
}

// Rounded up, as nothing may end before its time.
function within(argument: string, lifetime: unknown, value: unknown, now: number): number {
  if (typeof lifetime !== 'number' || Number.isNaN(lifetime) || now + lifetime > endOfDatetime) {
    throw new ArgumentError(argument, 'a time before the year 10000', describe(value));
  }
  return Math.ceil(lifetime);
}

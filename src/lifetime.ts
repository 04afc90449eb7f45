import { ArgumentError, describe } from './errors';

/** The last millisecond that a server's DATETIME can hold. https://dev.mysql.com/doc/refman/en/datetime.html */
const endOfDatetime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * A lifetime from `now`, in whole milliseconds. Rounded up, as nothing may end before its time.
 *
 * @param value what the lifetime was computed from, for the error
 * @throws {ArgumentError} for one that is no number, or ends after the year 9999
 */
export function lifetimeWithin(argument: string, lifetime: unknown, value: unknown, now: number): number {
  if (typeof lifetime !== 'number' || Number.isNaN(lifetime) || now + lifetime > endOfDatetime) {
    throw new ArgumentError(argument, 'a time before the year 10000', describe(value));
  }
  return Math.ceil(lifetime);
}

/**
 * How many milliseconds a session lives that does not say so itself.
 *
 * @throws {ArgumentError} for what is no lifetime, or ends after the year 9999
 */
export function ttlOf<Session extends object>(
  session: Session,
  ttl: number | ((session: Session) => number),
  now: number,
): number {
  const lifetime = typeof ttl === 'function' ? ttl(session) : ttl;
  if (!(lifetime > 0)) {
    throw new ArgumentError('ttl', 'a lifetime in milliseconds, more than 0', describe(lifetime));
  }
  return lifetimeWithin('ttl', lifetime, lifetime, now);
}

/** The longest pad that is given unasked, in milliseconds. */
const longestPad = 60_000;

/**
 * By how many milliseconds the row of a session outlives the session, so that not every request has to prolong
 * it: `touchAfter`, or else 1 % of its whole lifetime, at most a minute.
 */
export function padOf(whole: number, touchAfter: number | undefined): number {
  return touchAfter ?? (whole > 0 ? Math.min(Math.floor(whole / 100), longestPad) : 0);
}

/** How many milliseconds a row is to live whose session lives for `lifetime`. */
export function rowLifetimeOf(lifetime: number, pad: number, now: number): number {
  const padded = lifetime + Math.ceil(pad);
  return now + padded > endOfDatetime ? lifetime : padded;
}

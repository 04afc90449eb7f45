import { ArgumentError } from '../errors';
import type { ResolvedOptions } from '../options/resolve-options';
import type { SessionRow } from '../routines/routine-results';
import { describe } from '../util/describe';
import { now } from '../util/timers';
import type { SessionAdapter } from './session-adapter';
import type { Snapshot } from './snapshot-cache';

/** How long a session lives from now on, in milliseconds. */
export interface Expiration {
  readonly lifetime: number;
  /** How much longer the row lives. Within this time, a request need not write a new expiry. */
  readonly gracePeriod: number;
}

/** Decides how long sessions and their rows live. `createdAt` is a time of `performance.now()`. */
export class ExpirationPolicy<Session extends object> {
  constructor(
    private readonly options: Pick<ResolvedOptions<Session>, 'ttl' | 'touchAfter' | 'absoluteTtl'>,
    private readonly adapter: SessionAdapter,
  ) {}

  /**
   * Returns the expiration of a session that is saved or touched now.
   *
   * @param ttl in milliseconds; by default the session decides, and after it the option `ttl`
   * @throws {ArgumentError} for an invalid lifetime
   */
  expirationOf(session: Session, ttl?: number): Expiration {
    const now = Date.now();
    const lifetime =
      ttl === undefined
        ? (this.adapter.ttl(session, now) ?? resolveTtl(session, this.options.ttl, now))
        : parseLifetime('ttl', ttl, now);
    return { lifetime, gracePeriod: this.#gracePeriod(session, lifetime) };
  }

  /**
   * Returns the expiration of a session of which only the id is known.
   *
   * @throws {ArgumentError} for an invalid lifetime
   */
  expirationIn(ttl: number): Expiration {
    const lifetime = parseLifetime('ttl', ttl, Date.now());
    return { lifetime, gracePeriod: gracePeriodFor(lifetime, this.options.touchAfter) };
  }

  isExpired(expiration: Expiration, createdAt?: number): boolean {
    return this.#lifetime(expiration, createdAt) <= 0;
  }

  /** Returns how many milliseconds the row must live: at least 1. */
  rowTtl(expiration: Expiration, createdAt?: number): number {
    const lifetime = Math.max(this.#lifetime(expiration, createdAt), 1);
    return addGracePeriod(lifetime, expiration.gracePeriod, Date.now());
  }

  /** Returns whether the row already lives as long as it must, and no longer than it may. */
  coversExpiration(expiration: Expiration, { createdAt, expiresAt }: Snapshot): boolean {
    const lifetime = this.#lifetime(expiration, createdAt);
    const surplus = expiresAt - now() - lifetime;
    // After `absoluteTtl`, no call reads the session: its row may stay for any time.
    const maxSurplus =
      lifetime < expiration.lifetime ? Number.POSITIVE_INFINITY : expiration.gracePeriod;
    return expiration.gracePeriod > 0 && surplus >= 0 && surplus <= maxSurplus;
  }

  exceedsAbsoluteTtl({ ageMs }: SessionRow): boolean {
    return ageMs >= this.options.absoluteTtl;
  }

  /**
   * Sets the expiry of a session that was read, and returns it. The row has the current expiry, by
   * the server's clock. The session's own expiry can be older: a touch changes only the row.
   */
  applyExpiration(session: Session, { ttlMs, ageMs }: SessionRow): Date {
    // Subtract the grace period that the writer added.
    const lifetime = ttlMs - this.#gracePeriod(session, 0);
    const expires = new Date(Date.now() + Math.min(lifetime, this.options.absoluteTtl - ageMs));
    this.adapter.setExpires(session, expires);
    return expires;
  }

  // Prefer the stored lifetime: the reader must find the same grace period as the writer.
  #gracePeriod(session: Session, lifetime: number): number {
    const originalMaxAge = this.adapter.originalMaxAge(session) ?? lifetime;
    return gracePeriodFor(originalMaxAge, this.options.touchAfter);
  }

  #lifetime({ lifetime }: Expiration, createdAt = now()): number {
    return Math.min(lifetime, Math.ceil(createdAt + this.options.absoluteTtl - now()));
  }
}

/** The last millisecond of DATETIME: https://dev.mysql.com/doc/refman/en/datetime.html */
const endOfDatetime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Returns a lifetime in whole milliseconds after `now`, rounded up: no session ends early.
 *
 * @param lifetime NaN if the source is not a time at all
 * @param source the value from which the lifetime was computed, for the error
 * @param kind what the source must be, for the error
 * @throws {ArgumentError} if it is not a number or ends after the year 9999
 */
export function parseLifetime(
  argument: string,
  lifetime: unknown,
  now: number,
  source = lifetime,
  kind = 'a number of milliseconds',
): number {
  if (typeof lifetime !== 'number' || Number.isNaN(lifetime)) {
    throw new ArgumentError(argument, kind, describe(source));
  }
  if (now + lifetime > endOfDatetime) {
    throw new ArgumentError(argument, 'a time before the year 10000', describe(source));
  }
  return Math.ceil(lifetime);
}

/**
 * Returns the lifetime that the option `ttl` gives a session, in milliseconds.
 *
 * @throws {ArgumentError} if it is not more than 0 or ends after the year 9999
 */
export function resolveTtl<Session extends object>(
  session: Session,
  ttl: number | ((session: Session) => number),
  now: number,
): number {
  const lifetime = typeof ttl === 'function' ? ttl(session) : ttl;
  if (!(lifetime > 0)) {
    throw new ArgumentError('ttl', 'a lifetime in milliseconds, more than 0', describe(lifetime));
  }
  return parseLifetime('ttl', lifetime, now);
}

/** The longest default grace period, in milliseconds. */
const maxDefault = 60_000;

/** Returns `touchAfter`, or by default 1 % of the lifetime and at most a minute. */
export function gracePeriodFor(lifetime: number, touchAfter: number | undefined): number {
  return touchAfter ?? (lifetime > 0 ? Math.min(Math.floor(lifetime / 100), maxDefault) : 0);
}

/** Adds the grace period, unless the row would then live beyond the year 9999. */
export function addGracePeriod(lifetime: number, gracePeriod: number, now: number): number {
  const extended = lifetime + Math.ceil(gracePeriod);
  return now + extended > endOfDatetime ? lifetime : extended;
}

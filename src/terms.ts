import type { Expiry } from './expiry';
import { lifetimeWithin, padOf, rowLifetimeOf, ttlOf } from './lifetime';
import type { SessionRow } from './routines';
import type { Settings } from './settings';
import type { Snapshot } from './snapshots';

/** How long a session is to live from now on, in milliseconds. */
export interface Term {
  /** Until it ends. */
  readonly lifetime: number;
  /** How much longer its row lives. */
  readonly pad: number;
}

/** How long sessions live, by the options. */
export class Terms<Session extends object> {
  constructor(
    private readonly settings: Pick<Settings<Session>, 'ttl' | 'touchAfter' | 'absoluteTtl'>,
    private readonly expiry: Expiry,
  ) {}

  /**
   * @param ttl how many milliseconds the session is to live; undefined for as long as it says itself, or else for
   * the option `ttl`
   * @throws {ArgumentError} for an expiry that is none
   */
  of(session: Session, ttl?: number): Term {
    const now = Date.now();
    const lifetime =
      ttl === undefined
        ? (this.expiry.remaining(session, now) ?? ttlOf(session, this.settings.ttl, now))
        : lifetimeWithin('ttl', ttl, ttl, now);
    return { lifetime, pad: this.#pad(session, lifetime) };
  }

  /** @throws {ArgumentError} for what is no lifetime */
  lasting(ttl: number): Term {
    const lifetime = lifetimeWithin('ttl', ttl, ttl, Date.now());
    return { lifetime, pad: padOf(lifetime, this.settings.touchAfter) };
  }

  isOver(term: Term, bornAt?: number): boolean {
    return this.#lifetime(term, bornAt) <= 0;
  }

  /** How many milliseconds the session's row is to live. */
  ofRow(term: Term, bornAt?: number): number {
    return rowLifetimeOf(Math.max(this.#lifetime(term, bornAt), 1), term.pad, Date.now());
  }

  /** Whether the row lives as long as it must, and no longer than it may. */
  isServed(term: Term, { bornAt, endsAt }: Snapshot): boolean {
    const lifetime = this.#lifetime(term, bornAt);
    const excess = endsAt - performance.now() - lifetime;
    // What is too old is not read, however long its row lives.
    const mayOutlive = lifetime < term.lifetime ? Number.POSITIVE_INFINITY : term.pad;
    return term.pad > 0 && excess >= 0 && excess <= mayOutlive;
  }

  isTooOld({ ageMs }: SessionRow): boolean {
    return ageMs >= this.settings.absoluteTtl;
  }

  /**
   * Lets a session that was read say when it ends. The row knows, by its server's clock; what the session says is as
   * old as the last time that all of it was saved.
   *
   * @returns when it ends
   */
  show(session: Session, { ttlMs, ageMs }: SessionRow): Date {
    const remaining = Math.min(ttlMs - this.#pad(session, 0), this.settings.absoluteTtl - ageMs);
    const endsAt = new Date(Date.now() + remaining);
    this.expiry.show(session, endsAt);
    return endsAt;
  }

  // Whoever reads a session takes off again what whoever wrote it put on: so it goes by what is stored with it.
  #pad(session: Session, lifetime: number): number {
    return padOf(this.expiry.whole(session) ?? lifetime, this.settings.touchAfter);
  }

  #lifetime({ lifetime }: Term, bornAt = performance.now()): number {
    return Math.min(lifetime, Math.ceil(bornAt + this.settings.absoluteTtl - performance.now()));
  }
}

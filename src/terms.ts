import { lifetimeOf, padOf, rowLifetimeOf } from './lifetime';
import type { SessionRow } from './routines';
import type { Settings } from './settings';
import type { Snapshot } from './snapshots';

/** How long a session is to live from now on, in milliseconds. */
export interface Term {
  /** Until its cookie expires. */
  readonly lifetime: number;
  /** How much longer its row lives. */
  readonly pad: number;
}

/** How long sessions live, by the options. */
export class Terms<Session extends object> {
  constructor(private readonly settings: Pick<Settings<Session>, 'ttl' | 'touchAfter' | 'absoluteTtl'>) {}

  /** @throws {ArgumentError} for an expiry that is none */
  of(session: Session): Term {
    const lifetime = lifetimeOf(session, this.settings.ttl, Date.now());
    return { lifetime, pad: padOf(session, lifetime, this.settings.touchAfter) };
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

  /** How many milliseconds a session has left that was read, as its cookie shows it. */
  shown(session: Session, { ttlMs, ageMs }: SessionRow): number {
    const pad = padOf(session, 0, this.settings.touchAfter);
    return Math.min(ttlMs - pad, this.settings.absoluteTtl - ageMs);
  }

  #lifetime({ lifetime }: Term, bornAt = performance.now()): number {
    return Math.min(lifetime, Math.ceil(bornAt + this.settings.absoluteTtl - performance.now()));
  }
}

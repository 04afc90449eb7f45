import { now } from '../util/timers';

/** Times on the clock of `now()`. */
interface ConnectionTimes {
  readonly openedAt: number;
  /** When the server last answered on it. Opening it was an answer. */
  answeredAt: number;
}

/** A connection that the application opened before this package saw it. */
const unknownTimes: Readonly<ConnectionTimes> = {
  openedAt: Number.NEGATIVE_INFINITY,
  answeredAt: Number.NEGATIVE_INFINITY,
};

/**
 * Remembers when each connection of a pool was opened, and when the server last answered on it. A
 * failure of one connection can so speak against others: they may lead to the same server.
 */
export class ConnectionTracker {
  readonly #times = new WeakMap<object, ConnectionTimes>();
  #trustOpenedSince = Number.NEGATIVE_INFINITY;
  #trustAnsweredSince = Number.NEGATIVE_INFINITY;

  opened(connection: object): void {
    const time = now();
    this.#times.set(connection, { openedAt: time, answeredAt: time });
  }

  answered(connection: object): void {
    const times = this.#times.get(connection);
    if (times) {
      times.answeredAt = now();
    } else {
      this.#times.set(connection, { ...unknownTimes, answeredAt: now() });
    }
  }

  /** Returns for how many milliseconds the server has not answered on a connection. */
  silence(connection: object): number {
    return now() - this.#timesOf(connection).answeredAt;
  }

  /** Returns whether a failure of another connection speaks against this one. */
  isDistrusted(connection: object): boolean {
    const { openedAt, answeredAt } = this.#timesOf(connection);
    return openedAt < this.#trustOpenedSince || answeredAt < this.#trustAnsweredSince;
  }

  /** Distrusts every connection that is open now: the server behind them went out of service. */
  distrustOpen(): void {
    this.#trustOpenedSince = now();
  }

  /** Distrusts every connection without an answer since a time: the network may have lost it. */
  distrustSilent(since: number): void {
    this.#trustAnsweredSince = Math.max(this.#trustAnsweredSince, since);
  }

  #timesOf(connection: object): Readonly<ConnectionTimes> {
    return this.#times.get(connection) ?? unknownTimes;
  }
}

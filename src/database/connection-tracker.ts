import { now } from '../util/timers';

/** What is known of a connection. Times are on the clock of `now()`. */
interface ConnectionState {
  /** When its opening began: then a name led to its server. */
  readonly openedAt: number;
  /** When the server last answered on it. Opening it was an answer. */
  answeredAt: number;
  /** The server behind it, as far as it was asked. */
  server: string | undefined;
  /** The change of server after which it was last tested. Undefined before the first test. */
  testedAfter: number | undefined;
}

/** A connection that the application opened before this package saw it. */
const unknown: Readonly<ConnectionState> = {
  openedAt: Number.NEGATIVE_INFINITY,
  answeredAt: Number.NEGATIVE_INFINITY,
  server: undefined,
  testedAfter: undefined,
};

/**
 * Remembers what is known of each connection of a pool. What happens to one can speak against
 * others: a failure, because they may lead to the same server, or an answer of another server.
 */
export class ConnectionTracker {
  readonly #states = new WeakMap<object, ConnectionState>();
  #trustOpenedSince = Number.NEGATIVE_INFINITY;
  #trustAnsweredSince = Number.NEGATIVE_INFINITY;
  /** The newest connection whose server is known. */
  #newest: Readonly<ConnectionState> = unknown;
  /** How often a newer connection led to another server than the newest until then. */
  #changes = 0;

  /** @param openedAt when its opening began */
  opened(connection: object, openedAt: number): void {
    this.#states.set(connection, { ...unknown, openedAt, answeredAt: now() });
  }

  answered(connection: object): void {
    this.#stateOf(connection).answeredAt = now();
  }

  /** Returns for how many milliseconds the server has not answered on a connection. */
  silence(connection: object): number {
    return now() - this.#stateOf(connection).answeredAt;
  }

  isUntested(connection: object): boolean {
    return this.#stateOf(connection).testedAfter === undefined;
  }

  /** Returns whether a newer connection led to another server since this one was tested. */
  isOutdated(connection: object): boolean {
    return this.#stateOf(connection).testedAfter !== this.#changes;
  }

  /** The test counts from its begin: the server may change before it ends. */
  beginTest(connection: object): void {
    this.#stateOf(connection).testedAfter = this.#changes;
  }

  /**
   * Notes which server answered.
   *
   * @returns whether it is the latest server, to which the newest connection leads
   */
  identified(connection: object, server: string): boolean {
    const state = this.#stateOf(connection);
    // Only the first answer of a connection tells a change: several servers can serve at once.
    if (state.server === undefined && state.openedAt >= this.#newest.openedAt) {
      if (this.#newest.server !== undefined && this.#newest.server !== server) {
        this.#changes++;
        state.testedAfter = this.#changes;
      }
      this.#newest = state;
    }
    state.server = server;
    return server === this.#newest.server;
  }

  /** Returns whether a failure of another connection speaks against this one. */
  isDistrusted(connection: object): boolean {
    const { openedAt, answeredAt } = this.#stateOf(connection);
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

  #stateOf(connection: object): ConnectionState {
    let state = this.#states.get(connection);
    if (state === undefined) {
      state = { ...unknown };
      this.#states.set(connection, state);
    }
    return state;
  }
}

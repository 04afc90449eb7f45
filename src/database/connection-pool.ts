import type { Knex } from 'knex';
import { ArgumentError, DatabaseError, StoreClosedError } from '../errors';
import { DeadlineError, withDeadline } from '../util/deadline';
import { now } from '../util/timers';
import { ConnectionTracker } from './connection-tracker';
import { isHostFailure, isOutOfService, leavesConnectionClean } from './error-codes';
import type { HostFailover } from './host-failover';
import type { RawConnection } from './open-knex';
import { toDatabaseError } from './query';
import { assertWritable, identify, maxProbeTime, type ServerState } from './server-state';

export interface PoolSettings {
  /** Whether the pool ends with its owner. A pool of the application does not. */
  readonly isOwned: boolean;
  /** Asks the server behind a connection. Without it, each connection is used untested. */
  readonly probe?: ((raw: RawConnection, deadline: number) => Promise<ServerState>) | undefined;
  readonly failover?: HostFailover;
}

/** After how many milliseconds without an answer a connection is tested before its next call. */
const maxSilence = 30_000;

/** How long the end of a pool may take, in milliseconds. */
const maxCloseTime = 1_000;

/** Hands out connections of a knex instance that no failure of others speaks against. */
export class ConnectionPool {
  readonly tracker = new ConnectionTracker();
  readonly #inUse = new Set<RawConnection>();
  /** When each opening began that has not ended. */
  readonly #openings = new Map<number, number>();
  /** https://github.com/vincit/tarn.js#events: the pool numbers each opening. */
  readonly #listeners = {
    createRequest: (opening: number) => {
      this.#openings.set(opening, now());
    },
    createSuccess: (opening: number, raw: RawConnection) => {
      this.tracker.opened(raw, this.#openings.get(opening) ?? now());
      this.#openings.delete(opening);
    },
    createFail: (opening: number) => {
      this.#openings.delete(opening);
    },
  };
  #isClosed = false;
  #hasWarned = false;

  constructor(
    private readonly knex: Knex,
    private readonly settings: PoolSettings,
  ) {
    for (const [event, listener] of Object.entries(this.#listeners)) {
      // An external pool may have no events.
      knex.client.pool?.on?.(event, listener);
    }
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Returns a connection that nothing speaks against. The caller must release it. */
  async acquire(deadline = Number.POSITIVE_INFINITY): Promise<RawConnection> {
    for (;;) {
      if (this.#isClosed) {
        throw new StoreClosedError();
      }
      const raw = await withDeadline(
        this.#acquireAny(),
        deadline,
        'no connection was free',
        (late) => this.release(late),
      );
      const isStale = this.settings.failover?.isStale(raw) || this.tracker.isDistrusted(raw);
      if (!isStale && (await this.#passesTest(raw, deadline))) {
        return raw;
      }
      discard(raw);
      await this.release(raw);
      if (now() > deadline) {
        throw new DeadlineError('no host kept serving');
      }
    }
  }

  release(raw: RawConnection): Promise<void> {
    this.#inUse.delete(raw);
    return this.knex.client.releaseConnection(raw);
  }

  /**
   * Discards a connection after a failure unless it is clean, and distrusts others.
   *
   * @param sentAt when the statement was sent, on the clock of `now()`
   */
  judge(raw: RawConnection, error: unknown, sentAt: number): void {
    const failure = error instanceof DatabaseError ? error : undefined;
    if (failure?.errno !== undefined) {
      this.tracker.answered(raw);
    }
    // A late statement may still run. An unknown failure may leave a transaction open: the server
    // would roll back what later calls write.
    if (failure === undefined || !leavesConnectionClean(failure)) {
      discard(raw);
    }
    const isLate = error instanceof DeadlineError;
    if (isLate || (failure && isHostFailure(failure))) {
      this.settings.failover?.markSuspect(raw);
    }
    if (isLate) {
      this.tracker.distrustSilent(sentAt);
    } else if (failure && isOutOfService(failure)) {
      this.tracker.distrustOpen();
    }
  }

  /** Ends the calls in flight, and the pool if it is owned. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#inUse.forEach(discard);
    if (this.settings.isOwned) {
      // The pool waits for connections that are being opened. A silent host would delay it.
      await withDeadline(this.knex.destroy(), now() + maxCloseTime, '').catch(() => {});
      return;
    }
    for (const [event, listener] of Object.entries(this.#listeners)) {
      this.knex.client.pool?.removeListener?.(event, listener);
    }
  }

  /**
   * Tests a connection in three cases:
   * - Before its first use: the answer tells the server behind it.
   * - After a newer connection led to another server. This one may lead to the server of before,
   *   and read old sessions there.
   * - After a long silence. The network may have forgotten it without a word.
   */
  async #passesTest(raw: RawConnection, deadline: number): Promise<boolean> {
    const { probe, failover } = this.settings;
    if (probe === undefined) {
      return true;
    }
    const { tracker } = this;
    const isSilent = tracker.silence(raw) >= maxSilence;
    if (!isSilent && !tracker.isOutdated(raw)) {
      return true;
    }
    const isFirst = tracker.isUntested(raw);
    const sentAt = now();
    const end = isSilent || failover ? Math.min(deadline, sentAt + maxProbeTime) : deadline;
    tracker.beginTest(raw);
    try {
      const state = await withDeadline(probe(raw, end), end, 'no answer');
      tracker.answered(raw);
      const isLatest = tracker.identified(raw, identify(state));
      // While a name leads to a read-only server, sessions can still be read.
      if (!(isFirst && isLatest) || failover) {
        assertWritable(state);
      }
      return true;
    } catch (error) {
      const failure = error instanceof DatabaseError ? error : undefined;
      const isDead = error instanceof DeadlineError || (failure && isHostFailure(failure));
      if (isFirst && failover) {
        failover.markSuspect(raw);
      } else if (!isDead) {
        return true;
      }
      this.judge(raw, error, sentAt);
      if (isSilent && failure?.errno === undefined) {
        this.#warnOfIdleConnections();
      }
      return false;
    }
  }

  #warnOfIdleConnections(): void {
    const min = this.knex.client.pool?.min;
    if (!this.settings.isOwned && !this.#hasWarned && min > 0) {
      this.#hasWarned = true;
      process.emitWarning(
        `A connection of the knex pool was idle, and dead. Its option \`pool.min\` is ${min}: with 0, ` +
          'knex closes idle connections before the network forgets them',
        { type: 'IdleConnectionWarning' },
      );
    }
  }

  async #acquireAny(): Promise<RawConnection> {
    try {
      const raw: RawConnection = await this.knex.client.acquireConnection();
      this.#inUse.add(raw);
      return raw;
    } catch (error) {
      if (this.#isClosed) {
        throw new StoreClosedError();
      }
      throw error instanceof DatabaseError || error instanceof ArgumentError
        ? error
        : toDatabaseError(error);
    }
  }
}

// The pool sees the closed stream and drops the connection. Closing it properly could take forever.
function discard(raw: RawConnection): void {
  raw.stream.destroy();
}

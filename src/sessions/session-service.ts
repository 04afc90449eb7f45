import type { EventEmitter } from 'node:events';
import { ArgumentError } from '../errors';
import type { ResolvedOptions } from '../options/resolve-options';
import { BatchedRoutines } from '../routines/batched-routines';
import { type PingResult, RoutineAccess } from '../routines/routine-access';
import { maxTimeout } from '../util/deadline';
import { describe } from '../util/describe';
import { AttributeOperations } from './attribute-operations';
import { BulkOperations } from './bulk-operations';
import { CleanupScheduler } from './cleanup';
import { ConnectionMonitor } from './connection-monitor';
import { ExpirationPolicy } from './expiration-policy';
import type { SessionAdapter } from './session-adapter';
import { createCipher } from './session-cipher';
import { SessionEvents } from './session-events';
import { SessionIdHasher } from './session-id';
import { SessionReader } from './session-reader';
import { SessionRepository } from './session-repository';
import { SessionWriter } from './session-writer';
import { SnapshotCache } from './snapshot-cache';

export type { PingResult };

export interface TimeoutOptions {
  /** In milliseconds, 1 to 2,147,483,647. */
  readonly timeout?: number | undefined;
}

/** What the service must know of the store that uses it. */
export interface StoreTraits {
  readonly adapter: SessionAdapter;
  /** Whether the framework saves another object than the one it loaded, with the same id. */
  readonly remembersIds: boolean;
  /** The store, which emits the events. */
  readonly emitter: EventEmitter;
}

const defaultPingTimeout = 1_000;
const defaultCloseTimeout = 5_000;

/** The sessions of one store, and their cleanup. It knows neither the framework nor SQL. */
export class SessionService<Session extends object> {
  readonly repository: SessionRepository<Session>;
  readonly bulk: BulkOperations<Session>;
  readonly byAttribute: AttributeOperations<Session>;
  readonly events: SessionEvents<Session>;
  readonly #access: RoutineAccess;
  readonly #cleanup: CleanupScheduler | undefined;
  readonly #monitor: ConnectionMonitor | undefined;

  constructor(options: ResolvedOptions<Session>, { adapter, remembersIds, emitter }: StoreTraits) {
    const access = new RoutineAccess(options);
    const batched = new BatchedRoutines(access.routines);
    const idHasher = new SessionIdHasher(options.hashIds);
    const policy = new ExpirationPolicy(options, adapter);
    const cipher = createCipher(options, idHasher);
    this.events = new SessionEvents<Session>(emitter);
    const snapshots = new SnapshotCache(remembersIds);
    const reader = new SessionReader(policy, cipher, options.serializer);
    const writer = new SessionWriter(access.routines, batched, policy, adapter, cipher, options);
    this.repository = new SessionRepository(
      access,
      batched,
      idHasher,
      policy,
      snapshots,
      reader,
      writer,
      this.events,
    );
    this.bulk = new BulkOperations(access, reader);
    this.byAttribute = new AttributeOperations(
      access,
      idHasher,
      policy,
      snapshots,
      reader,
      this.events,
      options,
    );
    this.#access = access;
    this.#cleanup = options.disableDbCleanup
      ? undefined
      : new CleanupScheduler({
          interval: options.cleanupInterval,
          run: (signal) => this.bulk.gc(signal),
          onError: options.onDbCleanupError,
        });
    const { pingInterval } = options;
    this.#monitor =
      pingInterval === undefined
        ? undefined
        : new ConnectionMonitor({
            interval: pingInterval,
            ping: async () => (await this.ping()).writable,
            events: this.events,
          });
  }

  /** Resolves if the installation is compatible. Otherwise rejects with the remedy. */
  async ready(): Promise<void> {
    await this.#access.open();
    await this.byAttribute.assertUsable();
  }

  /** Asks the server now if it answers and takes writes. */
  ping(options?: TimeoutOptions): Promise<PingResult> {
    return this.#access.ping(parseTimeout(options, defaultPingTimeout));
  }

  /** Ends the cleanup, and closes after the calls in flight. */
  async close(options?: TimeoutOptions): Promise<void> {
    const timeout = parseTimeout(options, defaultCloseTimeout);
    this.#cleanup?.stop();
    this.#monitor?.stop();
    await this.#access.close(timeout);
  }
}

function parseTimeout(options: TimeoutOptions = {}, byDefault: number): number {
  const { timeout = byDefault }: { timeout?: unknown } = Object(options);
  if (typeof timeout !== 'number' || !(timeout >= 1 && timeout <= maxTimeout)) {
    const expected = `a number of milliseconds, 1 to ${maxTimeout}`;
    throw new ArgumentError('timeout', expected, describe(timeout));
  }
  return timeout;
}

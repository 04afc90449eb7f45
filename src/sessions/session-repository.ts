import type { BatchedRoutines } from '../routines/batched-routines';
import { publishLost } from '../routines/diagnostics';
import type { RoutineAccess } from '../routines/routine-access';
import { KeyedMutex } from '../util/keyed-mutex';
import { now } from '../util/timers';
import type { Expiration, ExpirationPolicy } from './expiration-policy';
import { assertSession } from './serializer';
import type { DestroyReason, SessionEvents } from './session-events';
import {
  asStoredId,
  assertSessionId,
  isSessionId,
  type SessionIdHasher,
  type StoredId,
} from './session-id';
import type { SessionReader } from './session-reader';
import type { SessionWriter } from './session-writer';
import type { Snapshot, SnapshotCache } from './snapshot-cache';

/** How a write finds the snapshot of its session, and how long the session lives. */
export interface WriteOptions {
  /** The object that has the session's snapshot. By default it is the session. */
  readonly sessionObject?: object | undefined;
  /** Whether an object without a snapshot may use the one of the id. The default is true. */
  readonly matchById?: boolean | undefined;
  /**
   * Whether an object that created its session counts as loaded from then on. The default is false:
   * a script can create the session again.
   */
  readonly tracksCreated?: boolean | undefined;
  /** In milliseconds. By default the session decides, and after it the option `ttl`. */
  readonly ttl?: number | undefined;
}

/**
 * Reads and writes single sessions. A session that was loaded has a snapshot. The repository saves
 * only what changed since, and never creates the session again.
 */
export class SessionRepository<Session extends object> {
  readonly #mutex = new KeyedMutex();

  constructor(
    private readonly access: RoutineAccess,
    private readonly batched: BatchedRoutines,
    private readonly idHasher: SessionIdHasher,
    private readonly policy: ExpirationPolicy<Session>,
    private readonly snapshots: SnapshotCache,
    private readonly reader: SessionReader<Session>,
    private readonly writer: SessionWriter<Session>,
    private readonly events: SessionEvents<Session>,
  ) {}

  /**
   * Returns the session, or null if there is no live session with this id.
   *
   * @param sessionObject the object that a later save passes; by default the returned session
   */
  async get(sid: string, sessionObject?: object): Promise<Session | null> {
    if (!isSessionId(sid)) {
      return null;
    }
    await this.access.open();
    const startedAt = now();
    const storedId = this.idHasher.toStoredId(sid);
    const row = await this.batched.get(storedId);
    if (row === undefined || this.policy.exceedsAbsoluteTtl(row)) {
      this.snapshots.deleteById(sid);
      await (row && this.#destroy(sid, storedId, 'expired'));
      return null;
    }
    const { session, snapshot } = this.reader.load(sid, storedId, row, startedAt);
    this.snapshots.set(sessionObject ?? session, snapshot);
    return session;
  }

  /** Gives the object that a framework made from a loaded session the session's snapshot. */
  alias(session: object, copy: object): void {
    this.snapshots.alias(session, copy);
  }

  /**
   * Saves a session, or deletes it if its lifetime is over. Updates a loaded session, and never
   * creates it. Creates or replaces any other session.
   */
  async set(
    sid: string,
    session: Session,
    { sessionObject = session, matchById = true, tracksCreated = false, ttl }: WriteOptions = {},
  ): Promise<void> {
    assertSessionId(sid);
    // Serialize before the first await: the caller can change the session after the call.
    const text = this.writer.serialize(session);
    const expiration = this.policy.expirationOf(session, ttl);
    return this.#mutex.runExclusive(sessionObject, async () => {
      const limits = await this.access.open();
      const snapshot = this.#findSnapshot(sid, sessionObject, matchById);
      const storedId = snapshot?.storedId ?? this.idHasher.toStoredId(sid);
      if (this.policy.isExpired(expiration, snapshot?.createdAt)) {
        return this.#destroy(sid, storedId, 'expired');
      }
      if (snapshot) {
        const updated = await this.writer.update(snapshot, text, expiration, limits);
        if (updated === undefined) return this.#reportLost(sid, storedId, session);
        this.#remember(sessionObject, updated);
        return this.events.emitSaved(sid, session, snapshot, updated);
      }
      const created = await this.#mutex.runExclusive(storedId, () =>
        this.writer.create(sid, storedId, text, expiration, limits),
      );
      if (tracksCreated) {
        this.snapshots.set(sessionObject, created);
      }
      this.events.emit('created', sid, session);
    });
  }

  /** Creates a session unless a live one has the id. Returns whether it did. */
  async add(sid: string, session: Session): Promise<boolean> {
    assertSessionId(sid);
    const text = this.writer.serialize(session);
    const expiration = this.policy.expirationOf(session);
    const limits = await this.access.open();
    const storedId = this.idHasher.toStoredId(sid);
    const isCreated = await this.#mutex.runExclusive(storedId, () =>
      this.writer.add(storedId, text, expiration, limits),
    );
    if (isCreated) this.events.emit('created', sid, session);
    return isCreated;
  }

  /** Prolongs a live session by its own expiry, or deletes it if its lifetime is over. */
  async touch(
    sid: string,
    session: Session,
    { matchById = true }: Pick<WriteOptions, 'matchById'> = {},
  ): Promise<void> {
    assertSession(session);
    return this.#touch(sid, session, this.policy.expirationOf(session), matchById);
  }

  /** Prolongs a live session to `ttl` milliseconds from now, or deletes it if that is over. */
  async touchById(sid: string, ttl: number): Promise<void> {
    return this.#touch(sid, undefined, this.policy.expirationIn(ttl), true);
  }

  async destroy(sid: string): Promise<void> {
    assertSessionId(sid);
    await this.access.open();
    await this.#destroy(sid, this.idHasher.toStoredId(sid), 'destroy');
  }

  /** Returns the id under which the table has the session. */
  storedId(sid: string): StoredId {
    assertSessionId(sid);
    return this.idHasher.toStoredId(sid);
  }

  async destroyStored(id: string): Promise<void> {
    assertSessionId(id);
    await this.access.open();
    await this.#destroy(id, asStoredId(id), 'destroy');
  }

  async #touch(
    sid: string,
    session: Session | undefined,
    expiration: Expiration,
    matchById: boolean,
  ): Promise<void> {
    assertSessionId(sid);
    const sessionObject = session ?? {};
    return this.#mutex.runExclusive(sessionObject, async () => {
      const limits = await this.access.open();
      const snapshot = this.#findSnapshot(sid, sessionObject, matchById);
      const storedId = snapshot?.storedId ?? this.idHasher.toStoredId(sid);
      if (this.policy.isExpired(expiration, snapshot?.createdAt)) {
        return this.#destroy(sid, storedId, 'expired');
      }
      const expiresAt = await this.writer.touch(storedId, expiration, limits, snapshot);
      if (expiresAt === undefined) return this.#reportLost(sid, storedId, session);
      if (snapshot) this.#remember(sessionObject, { ...snapshot, expiresAt });
      this.events.emitSaved(sid, session, snapshot, { text: snapshot?.text, expiresAt });
    });
  }

  // Wait for a call that creates this session: otherwise the session would exist afterwards.
  async #destroy(sid: string, storedId: StoredId, reason: DestroyReason): Promise<void> {
    const isFound = await this.#mutex.runExclusive(storedId, () =>
      this.access.routines.destroy(storedId),
    );
    if (isFound) this.events.emit('destroyed', sid, reason);
  }

  #findSnapshot(sid: string, sessionObject: object, matchById: boolean): Snapshot | undefined {
    const snapshot = this.snapshots.get(sid, sessionObject);
    return snapshot ?? (matchById ? this.snapshots.getById(sid) : undefined);
  }

  // Never cache by a hashed id: a client that sends the hash must not get the session.
  #remember(sessionObject: object, snapshot: Snapshot): void {
    if (snapshot.storedId === this.idHasher.toStoredId(snapshot.sid)) {
      this.snapshots.set(sessionObject, snapshot);
    } else {
      this.snapshots.setForObject(sessionObject, snapshot);
    }
  }

  #reportLost(sid: string, storedId: StoredId, session: Session | undefined): void {
    publishLost(this.idHasher.hashOf(storedId));
    this.events.emit('lost', sid, session);
  }
}

import { Access } from './access';
import { Cleanup } from './cleanup';
import { tellLost } from './diagnostics';
import type { Expiry } from './expiry';
import type { SessionRow } from './routines';
import { assertSession, serialize } from './serializer';
import { type FoundSession, SessionFinder } from './session-finder';
import { assertSessionId, isSessionId } from './session-id';
import { SessionRows } from './session-rows';
import { SessionTable } from './session-table';
import type { Settings } from './settings';
import { SharedCalls } from './shared-calls';
import { type Snapshot, Snapshots } from './snapshots';
import { givenId, type StoredId } from './stored-ids';
import { type Term, Terms } from './terms';
import { Turns } from './turns';
import { Writes } from './writes';

/** The session is undefined where it was to be touched by its id alone. */
export type LostListener<Session> = (sid: string, session: Session | undefined) => void;

/** How a session is known, and how long it is to live. */
export interface WriteOptions {
  /** The object that stands for the request's session; the session itself where left out. */
  readonly holder?: object | undefined;
  /** Whether one whose holder is not known goes by what the last `get` of its id found. True where left out. */
  readonly byId?: boolean | undefined;
  /** In milliseconds; where left out, as long as the session says itself, or else the option `ttl`. */
  readonly ttl?: number | undefined;
}

/** Sessions as promises, free of any framework, and the cleanup of those that expired. */
export class Sessions<Session extends object> {
  /** All of them at once. */
  readonly table: SessionTable<Session>;
  /** Those with something in them. */
  readonly finder: SessionFinder<Session>;
  readonly #access: Access;
  readonly #shared: SharedCalls;
  readonly #settings: Settings<Session>;
  readonly #terms: Terms<Session>;
  readonly #rows: SessionRows<Session>;
  readonly #writes: Writes<Session>;
  readonly #snapshots = new Snapshots();
  readonly #turns = new Turns();
  readonly #onLost: LostListener<Session>;
  readonly #cleanup: Cleanup | undefined;

  /**
   * @param expiry where sessions keep how long they live
   * @param onLost called with a session that was to be saved or touched, and is gone
   */
  constructor(settings: Settings<Session>, expiry: Expiry, onLost: LostListener<Session>) {
    this.#settings = settings;
    this.#access = new Access(settings);
    const { routines } = this.#access;
    this.#shared = new SharedCalls(routines);
    this.#terms = new Terms(settings, expiry);
    this.#rows = new SessionRows(settings, this.#terms);
    this.#writes = new Writes(routines, this.#shared, this.#terms, expiry, settings);
    this.#onLost = onLost;
    this.table = new SessionTable(
      routines,
      () => this.#access.open(),
      (row) => this.#rows.load(row.sid, givenId(row.sid), row, performance.now()).session,
    );
    this.finder = new SessionFinder(
      routines,
      () => this.#access.open(),
      settings.attributes,
      settings.ids,
      (sid, row, asked) => this.#found(sid, row, asked),
    );
    this.#cleanup = settings.disableDbCleanup
      ? undefined
      : new Cleanup({
          interval: settings.cleanupInterval,
          run: (goOn) => this.table.gc(goOn),
          onError: settings.onDbCleanupError,
        });
  }

  /** Resolves when the database side has been found and found right; rejects with the remedy. */
  async ready(): Promise<void> {
    await this.#access.open();
    await this.finder.ready();
  }

  /** @param holder the object by which the session will be known when it is saved; itself where left out */
  async get(sid: string, holder?: object): Promise<Session | null> {
    if (!isSessionId(sid)) {
      return null;
    }
    await this.#access.open();
    const asked = performance.now();
    const storedId = this.#settings.ids.of(sid);
    const row = await this.#shared.get(storedId);
    if (row === undefined || this.#terms.isTooOld(row)) {
      this.#snapshots.forget(sid);
      await (row && this.#remove(storedId));
      return null;
    }
    const { session, snapshot } = this.#rows.load(sid, storedId, row, asked);
    this.#snapshots.put(holder ?? session, snapshot);
    return session;
  }

  /** Knows a session that was loaded by another object too: the one that a framework made of it. */
  follow(session: object, copy: object): void {
    this.#snapshots.follow(session, copy);
  }

  /**
   * Saves a session; one whose time is over is removed. One that was loaded is saved as what changed since, and
   * never created again.
   */
  async set(
    sid: string,
    session: Session,
    { holder = session, byId = true, ttl }: WriteOptions = {},
  ): Promise<void> {
    assertSessionId(sid);
    // All of it at once, before anything is awaited: the caller may go on changing the session.
    const text = serialize(this.#settings.serializer, session);
    const term = this.#terms.of(session, ttl);
    return this.#turns.take(holder, async () => {
      const limits = await this.#access.open();
      const known = this.#known(sid, holder, byId);
      const storedId = known?.storedId ?? this.#settings.ids.of(sid);
      if (this.#terms.isOver(term, known?.bornAt)) {
        return this.#remove(storedId);
      }
      if (known) {
        const saved = await this.#writes.save(text, term, known, limits);
        return saved ? this.#remember(holder, saved) : this.#lose(sid, storedId, session);
      }
      const create = () => this.#writes.create(sid, storedId, text, term, limits);
      const created = await this.#turns.take(storedId, create);
      // Whoever goes by the id has not loaded a session by creating it: a script may create it again.
      if (!byId) {
        this.#snapshots.put(holder, created);
      }
    });
  }

  /** Makes a live session last as long as it says from now; one whose time is over is removed. */
  async touch(
    sid: string,
    session: Session,
    { byId = true }: Pick<WriteOptions, 'byId'> = {},
  ): Promise<void> {
    assertSession(session);
    return this.#touch(sid, session, this.#terms.of(session), byId);
  }

  /** Makes a live session last for so many milliseconds from now. */
  async prolong(sid: string, ttl: number): Promise<void> {
    return this.#touch(sid, undefined, this.#terms.lasting(ttl), true);
  }

  async destroy(sid: string): Promise<void> {
    assertSessionId(sid);
    await this.#access.open();
    await this.#remove(this.#settings.ids.of(sid));
  }

  /** What the table has for a session's id. */
  storedId(sid: string): string {
    assertSessionId(sid);
    return this.#settings.ids.of(sid);
  }

  /** Removes the session that the table has under this id. */
  async destroyStored(id: string): Promise<void> {
    assertSessionId(id);
    await this.#access.open();
    await this.#remove(givenId(id));
  }

  async close(): Promise<void> {
    await this.#cleanup?.stop();
    await this.#access.close();
  }

  async #touch(sid: string, session: Session | undefined, term: Term, byId: boolean): Promise<void> {
    assertSessionId(sid);
    const holder = session ?? {};
    return this.#turns.take(holder, async () => {
      await this.#access.open();
      const known = this.#known(sid, holder, byId);
      const storedId = known?.storedId ?? this.#settings.ids.of(sid);
      if (this.#terms.isOver(term, known?.bornAt)) {
        return this.#remove(storedId);
      }
      const endsAt = await this.#writes.touch(storedId, term, known);
      if (endsAt === undefined) {
        this.#lose(sid, storedId, session);
      } else if (known) {
        this.#remember(holder, { ...known, endsAt });
      }
    });
  }

  // A session that is being created is there, or not, before it is removed.
  #remove(storedId: StoredId): Promise<void> {
    return this.#turns.take(storedId, () => this.#access.routines.destroy(storedId));
  }

  // What is known by a hash of its id stays with its object: who comes with the hash must not meet the session.
  #remember(holder: object, snapshot: Snapshot): void {
    if (snapshot.storedId === this.#settings.ids.of(snapshot.sid)) {
      this.#snapshots.put(holder, snapshot);
    } else {
      this.#snapshots.putObject(holder, snapshot);
    }
  }

  // What a listener throws is the application's, and no failure of the call.
  #lose(sid: string, storedId: StoredId, session: Session | undefined): void {
    tellLost(this.#settings.ids.hashOf(storedId));
    process.nextTick(this.#onLost, sid, session);
  }

  #known(sid: string, holder: object, byId: boolean): Snapshot | undefined {
    return this.#snapshots.of(sid, holder) ?? (byId ? this.#snapshots.ofId(sid) : undefined);
  }

  // Whoever changes and saves a session that was found has it merged, as one that was loaded.
  #found(id: string, row: SessionRow, asked: number): FoundSession<Session> | undefined {
    if (this.#terms.isTooOld(row)) {
      return undefined;
    }
    const { session, expires, snapshot } = this.#rows.load(id, givenId(id), row, asked);
    this.#snapshots.putObject(session, snapshot);
    return {
      id,
      session,
      expires,
      createdAt: new Date(Date.now() - row.ageMs),
    };
  }
}

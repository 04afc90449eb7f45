import type { Database } from './database';
import { StoreClosedError } from './errors';
import type { Expiring } from './lifetime';
import type { Limits } from './limits';
import { Readiness } from './readiness';
import { Routines, type SessionRow } from './routines';
import { deserialize, serialize } from './serializer';
import { assertSessionId, isSessionId } from './session-id';
import { SessionTable } from './session-table';
import type { Settings } from './settings';
import { SharedCalls } from './shared-calls';
import { type Snapshot, Snapshots } from './snapshots';
import { Terms } from './terms';
import { Turns } from './turns';
import { Writes } from './writes';

export type LostListener<Session> = (sid: string, session: Session) => void;

/** Sessions as promises, free of any framework. */
export class Sessions<Session extends object> {
  /** All of them at once. */
  readonly table: SessionTable<Session>;
  readonly #database: Database;
  readonly #routines: Routines;
  readonly #readiness: Readiness;
  readonly #shared: SharedCalls;
  readonly #settings: Settings<Session>;
  readonly #terms: Terms<Session>;
  readonly #writes: Writes<Session>;
  readonly #snapshots = new Snapshots();
  readonly #turns = new Turns();
  readonly #onLost: LostListener<Session>;
  #closed = false;

  /** @param onLost called with a session that was to be saved or touched, and is gone */
  constructor(settings: Settings<Session>, onLost: LostListener<Session> = () => {}) {
    this.#settings = settings;
    this.#database = settings.database;
    this.#routines = new Routines(settings.database, settings.routinePrefix);
    this.#readiness = new Readiness(this.#routines);
    this.#shared = new SharedCalls(this.#routines);
    this.#terms = new Terms(settings);
    this.#writes = new Writes(this.#routines, this.#shared, this.#terms, settings);
    this.#onLost = onLost;
    this.table = new SessionTable(
      this.#routines,
      () => this.#open(),
      (row) => this.#session(row),
    );
  }

  /** Resolves when the database side has been found and found right; rejects with the remedy. */
  async ready(): Promise<void> {
    await this.#open();
  }

  async get(sid: string): Promise<Session | null> {
    if (!isSessionId(sid)) {
      return null;
    }
    await this.#open();
    const asked = performance.now();
    const row = await this.#shared.get(sid);
    if (row === undefined || this.#terms.isTooOld(row)) {
      this.#snapshots.forget(sid);
      await (row && this.#remove(sid));
      return null;
    }
    const session = this.#session(row);
    const [endsAt, bornAt] = [asked + row.ttlMs, asked - row.ageMs];
    this.#snapshots.put(session, { sid, text: row.sess, endsAt, bornAt });
    return session;
  }

  /** Knows a session that was loaded by another object too: the one that a framework made of it. */
  follow(session: object, copy: object): void {
    this.#snapshots.follow(session, copy);
  }

  /**
   * Saves a session; one whose time is over is removed. One that was loaded is saved as what changed since, and
   * never created again. It is known by its object or, with `byId`, by what the last `get` of its id found.
   */
  async set(sid: string, session: Session, { byId = true } = {}): Promise<void> {
    assertSessionId(sid);
    // All of it at once, before anything is awaited: the caller may go on changing the session.
    const text = serialize(this.#settings.serializer, session);
    const term = this.#terms.of(session);
    return this.#turns.take(session, async () => {
      const limits = await this.#open();
      const known = this.#known(sid, session, byId);
      if (this.#terms.isOver(term, known?.bornAt)) {
        return this.#remove(sid);
      }
      if (known) {
        const saved = await this.#writes.save(sid, text, term, known, limits);
        return saved ? this.#snapshots.put(session, saved) : this.#onLost(sid, session);
      }
      const created = await this.#turns.take(sid, () => this.#writes.create(sid, text, term, limits));
      // Whoever goes by the id has not loaded a session by creating it: a script may create it again.
      if (!byId) {
        this.#snapshots.put(session, created);
      }
    });
  }

  /** Makes a live session last as long as its cookie says from now; one whose time is over is removed. */
  async touch(sid: string, session: Session, { byId = true } = {}): Promise<void> {
    assertSessionId(sid);
    const term = this.#terms.of(session);
    return this.#turns.take(session, async () => {
      await this.#open();
      const known = this.#known(sid, session, byId);
      if (this.#terms.isOver(term, known?.bornAt)) {
        return this.#remove(sid);
      }
      const endsAt = await this.#writes.touch(sid, term, known);
      if (endsAt === undefined) {
        this.#onLost(sid, session);
      } else if (known) {
        this.#snapshots.put(session, { ...known, endsAt });
      }
    });
  }

  async destroy(sid: string): Promise<void> {
    assertSessionId(sid);
    await this.#open();
    await this.#remove(sid);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#database.close();
  }

  #open(): Promise<Limits> {
    if (this.#closed) {
      return Promise.reject(new StoreClosedError());
    }
    return this.#readiness.check();
  }

  // A session that is being created is there, or not, before it is removed.
  #remove(sid: string): Promise<void> {
    return this.#turns.take(sid, () => this.#routines.destroy(sid));
  }

  #known(sid: string, session: Session, byId: boolean): Snapshot | undefined {
    return this.#snapshots.of(sid, session) ?? (byId ? this.#snapshots.ofId(sid) : undefined);
  }

  // The row says when the session ends, by its server's clock; what the text says is as old as the last
  // time that all of it was saved.
  #session(row: SessionRow): Session {
    const session = deserialize(this.#settings.serializer, row.sess);
    const { cookie } = session as { cookie?: Expiring['cookie'] };
    if (cookie?.expires) {
      Object.assign(cookie, { expires: new Date(Date.now() + this.#terms.shown(session, row)) });
    }
    return session;
  }
}

import type { Database } from './database';
import { StoreClosedError } from './errors';
import { type Expiring, lifetimeOf } from './lifetime';
import { assertFits, assertServes, type Limits, refusedText } from './limits';
import type { Settings } from './options';
import { everyPage, pageSize } from './pages';
import { Routines, type SessionRow } from './routines';
import { deserialize, serialize } from './serializer';
import { assertSessionId, isSessionId } from './session-id';

/** How many sessions a batch deletes. */
const batchSize = 1_000;

/** Sessions as promises, free of any framework. */
export class Sessions<Session extends object> {
  readonly #database: Database;
  readonly #routines: Routines;
  readonly #settings: Settings<Session>;
  #limits: Promise<Limits> | undefined;
  #closed = false;

  constructor(settings: Settings<Session>) {
    this.#settings = settings;
    this.#database = settings.database;
    this.#routines = new Routines(settings.database, settings.routinePrefix);
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
    const row = await this.#routines.get(sid);
    return row ? this.#session(row) : null;
  }

  /** Creates the session or replaces it; one whose time is over is removed. */
  async set(sid: string, session: Session): Promise<void> {
    // All of it at once, before anything is awaited: the caller may go on changing the session.
    assertSessionId(sid);
    const sess = serialize(this.#settings.serializer, session);
    const ttlMs = lifetimeOf(session, this.#settings.ttl, Date.now());

    const limits = await this.#open();
    if (ttlMs <= 0) {
      return this.#routines.destroy(sid);
    }
    assertFits(sess, limits);
    try {
      await this.#routines.set(sid, sess, ttlMs);
    } catch (error) {
      throw refusedText(error, sess, limits) ?? error;
    }
  }

  /** Makes a live session last as long as its cookie says from now; one whose time is over is removed. */
  async touch(sid: string, session: Session): Promise<void> {
    assertSessionId(sid);
    const ttlMs = lifetimeOf(session, this.#settings.ttl, Date.now());
    await this.#open();
    if (ttlMs <= 0) {
      return this.#routines.destroy(sid);
    }
    await this.#routines.touch(sid, ttlMs);
  }

  async destroy(sid: string): Promise<void> {
    assertSessionId(sid);
    await this.#open();
    await this.#routines.destroy(sid);
  }

  /** Every live session with its id, in the order of the ids. */
  async all(): Promise<Array<Session & { id: string }>> {
    await this.#open();
    const rows = await everyPage(
      (after) => this.#routines.all(after, pageSize),
      ({ sid }) => sid,
    );
    return rows.map((row) => Object.assign(this.#session(row), { id: row.sid }));
  }

  /** The id of every live session, in order. */
  async ids(): Promise<string[]> {
    await this.#open();
    return everyPage(
      (after) => this.#routines.ids(after, pageSize),
      (sid) => sid,
    );
  }

  /** How many sessions are live. */
  async length(): Promise<number> {
    await this.#open();
    return (await this.#routines.length()).live;
  }

  /** Deletes every session. */
  async clear(): Promise<void> {
    await this.#open();
    while ((await this.#routines.clear(batchSize)) === batchSize) {
      // The next batch.
    }
  }

  /**
   * Deletes expired sessions, batch after batch, until none is left, another cleanup is found at work or
   * `goOn` says no.
   *
   * @returns how many it deleted
   */
  async gc(goOn: () => boolean = () => true): Promise<number> {
    await this.#open();
    let total = 0;
    for (;;) {
      const { deleted, busy } = await this.#routines.gc(batchSize);
      total += deleted;
      if (busy || deleted < batchSize || !goOn()) {
        return total;
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#database.close();
  }

  #open(): Promise<Limits> {
    if (this.#closed) {
      return Promise.reject(new StoreClosedError());
    }
    this.#limits ??= this.#check();
    return this.#limits;
  }

  // One failed start poisons nothing: the next call looks again.
  async #check(): Promise<Limits> {
    try {
      const version = await this.#routines.version();
      assertServes(version);
      return version;
    } catch (error) {
      this.#limits = undefined;
      throw error;
    }
  }

  // The row says when the session ends, by its server's clock; what the text says is as old as the last
  // time that all of it was saved.
  #session(row: SessionRow): Session {
    const session = deserialize(this.#settings.serializer, row.sess);
    const { cookie } = session as { cookie?: Expiring['cookie'] };
    if (cookie?.expires) {
      Object.assign(cookie, { expires: new Date(Date.now() + row.ttlMs) });
    }
    return session;
  }
}

import { type Session, type SessionData, Store } from 'express-session';
import { ArgumentError } from '../errors';
import { refuseUnknownOptions } from '../options/refuse-unknown-options';
import { describe } from '../util/describe';
import { type MySQLSessionStore, repositoryOf } from './mysql-session-store';
import { type Callback, promiseOrCallback } from './promise-or-callback';

export interface FallbackOptions {
  /**
   * Whether a session of the old store moves when a request loads it. With `false`, it stays there,
   * and new sessions are created there: use this while processes without this store still run.
   * @default true
   */
  readonly move?: boolean | undefined;
}

/** How often the old store was asked, in this process. */
export interface FallbackCounts {
  /** Sessions that the old store had. */
  readonly found: number;
  /** Ids that neither store had. */
  readonly missing: number;
}

/** The methods of a store that is used no more. */
type OldStore = Pick<Store, 'get' | 'set' | 'destroy'> & Partial<Pick<Store, 'touch'>>;

/**
 * Moves sessions from another store for express-session while the application runs. It looks for a
 * session in the new store, and then in the old one. A session of the old store moves when a
 * request loads it, with its remaining lifetime. A logout ends a session in both stores.
 */
export class FallbackStore extends Store {
  readonly #isMoving: boolean;
  /** The store that a session was loaded from. */
  readonly #origins = new WeakMap<object, 'new' | 'old'>();
  #found = 0;
  #missing = 0;

  /**
   * @param store the new store
   * @param oldStore any store for express-session
   * @throws {ArgumentError} for a wrong argument
   */
  constructor(
    private readonly store: MySQLSessionStore,
    private readonly oldStore: OldStore,
    options: FallbackOptions = {},
  ) {
    super();
    assertOldStore(oldStore);
    refuseUnknownOptions('options', options, ['move']);
    const { move = true } = options;
    if (typeof move !== 'boolean') {
      throw new ArgumentError('move', 'a boolean', describe(move));
    }
    this.#isMoving = move;
    // express-session listens to the store that it gets.
    store.on('connect', () => this.emit('connect')).on('disconnect', () => this.emit('disconnect'));
  }

  /** How often the old store was asked. If `found` no longer grows, the old store can go. */
  get counts(): FallbackCounts {
    return { found: this.#found, missing: this.#missing };
  }

  /**
   * Returns the session, or null if neither store has it. A session that only the old store has
   * moves now, unless `move` is false.
   */
  override get(sid: string): Promise<SessionData | null>;
  override get(sid: string, callback: Callback<SessionData | null>): void;
  override get(
    sid: string,
    callback?: Callback<SessionData | null>,
  ): Promise<SessionData | null> | undefined {
    return promiseOrCallback(
      async () => (await this.#getNew(sid)) ?? (await this.#getOld(sid)),
      callback,
    );
  }

  /**
   * Saves the session in the new store. With `move: false`, a session stays where it was found, and
   * follows if another process has moved it since. A session that has ended since is not saved.
   */
  override set(sid: string, session: SessionData): Promise<void>;
  override set(sid: string, session: SessionData, callback?: Callback<void>): void;
  override set(
    sid: string,
    session: SessionData,
    callback?: Callback<void>,
  ): Promise<void> | undefined {
    return promiseOrCallback(async () => {
      // Without a wait: the caller can change the session after the call.
      if (this.#usesNewStore(session)) return this.store.set(sid, session);
      const place = await this.#findPlace(sid, session);
      if (place === 'new') return this.store.set(sid, session);
      if (place === 'old') return called((done) => this.oldStore.set(sid, session, done));
    }, callback);
  }

  /** Prolongs the session in the store that `set` would use. */
  override touch(sid: string, session: SessionData): Promise<void>;
  override touch(sid: string, session: SessionData, callback?: Callback<void>): void;
  override touch(
    sid: string,
    session: SessionData,
    callback?: Callback<void>,
  ): Promise<void> | undefined {
    return promiseOrCallback(async () => {
      if (this.#usesNewStore(session)) return this.store.touch(sid, session);
      const place = await this.#findPlace(sid, session);
      if (place === 'new') return this.store.touch(sid, session);
      if (place === 'old') return called((done) => this.#touchOld(sid, session, done));
    }, callback);
  }

  /** Ends the session in both stores. Rejects if one of them fails. */
  override destroy(sid: string): Promise<void>;
  override destroy(sid: string, callback?: Callback<void>): void;
  override destroy(sid: string, callback?: Callback<void>): Promise<void> | undefined {
    return promiseOrCallback(async () => {
      // The old store first: a move checks it last, and then notices the logout.
      const old = called((done) => this.oldStore.destroy(sid, done));
      await old.catch(() => undefined);
      await this.store.destroy(sid);
      await old;
    }, callback);
  }

  /** Makes express-session's object from a session that `get` returned. */
  override createSession(
    request: Parameters<Store['createSession']>[0],
    session: SessionData,
  ): Session & SessionData {
    const origin = this.#origins.get(session);
    const created = this.#usesNewStore(session)
      ? this.store.createSession(request, session)
      : super.createSession(request, session);
    if (origin) this.#origins.set(created, origin);
    return created;
  }

  #usesNewStore(session: SessionData): boolean {
    return this.#isMoving || this.#origins.get(session) === 'new';
  }

  /**
   * Returns the store that has a session which was not loaded from the new one, or undefined if it
   * has ended since.
   */
  async #findPlace(sid: string, session: SessionData): Promise<'new' | 'old' | undefined> {
    // The old store would create a session again that was loaded from it.
    if (!this.#origins.has(session) || (await this.#readOld(sid))) return 'old';
    // The new store then saves the difference, and never creates the session.
    const isMoved = (await repositoryOf(this.store).get(sid, session)) !== null;
    return isMoved ? 'new' : undefined;
  }

  async #getNew(sid: string): Promise<SessionData | null> {
    const session = await this.store.get(sid);
    if (session) this.#origins.set(session, 'new');
    return session;
  }

  async #getOld(sid: string): Promise<SessionData | null> {
    const session = await this.#readOld(sid);
    if (!session) {
      // Another process may have moved it between the two reads.
      const moved = await this.#getNew(sid);
      if (!moved) this.#missing++;
      return moved;
    }
    this.#found++;
    if (this.#isMoving) return this.#move(sid, session);
    this.#origins.set(session, 'old');
    return session;
  }

  /**
   * Several processes may move a session at once, and its user may log out at that time. One of
   * them creates the session, and only that one deletes it from the old store. If it is gone from
   * there before, its user has logged out.
   */
  async #move(sid: string, session: SessionData): Promise<SessionData | null> {
    const isCreated = await repositoryOf(this.store).add(sid, withLifetime(session));
    if (isCreated && !(await this.#readOld(sid))) {
      await this.store.destroy(sid);
      return null;
    }
    if (isCreated) await called((done) => this.oldStore.destroy(sid, done));
    return this.store.get(sid);
  }

  async #readOld(sid: string): Promise<SessionData | null> {
    const found = await called<SessionData | null | undefined>((done) =>
      this.oldStore.get(sid, done),
    );
    return found ?? null;
  }

  #touchOld(sid: string, session: SessionData, done: (error?: unknown) => void): void {
    if (this.oldStore.touch) {
      this.oldStore.touch(sid, session, done);
    } else {
      this.oldStore.set(sid, session, done);
    }
  }
}

/**
 * A touch of some stores leaves the expiry in the session's data as it was. Such a session is live,
 * although its data say that it expired: it gets its whole lifetime.
 */
function withLifetime(session: SessionData): SessionData {
  const { expires, originalMaxAge } = session.cookie ?? {};
  const isStale = expires && originalMaxAge && new Date(expires).getTime() <= Date.now();
  if (!isStale) return session;
  const cookie = { ...session.cookie, expires: new Date(Date.now() + originalMaxAge) };
  return { ...session, cookie: cookie as SessionData['cookie'] };
}

function assertOldStore(store: unknown): void {
  const methods = ['get', 'set', 'destroy'];
  if (methods.some((name) => typeof Object(store)[name] !== 'function')) {
    const expected = `a store with the methods ${methods.join(', ')}`;
    throw new ArgumentError('oldStore', expected, describe(store));
  }
}

/** Calls a function of another store that takes a callback. */
function called<Result = void>(
  call: (done: (error?: unknown, result?: Result) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result as Result)));
  });
}

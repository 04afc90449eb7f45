import { Cookie, Session, type SessionData, Store } from 'express-session';
import type { AttributeKinds, AttributeValue, NoAttributes } from './attributes';
import { type Callback, settle } from './callbacks';
import { cookieExpiry } from './cookie-expiry';
import type { StoreOptions } from './options';
import type { DestroyByOptions, FoundSession } from './session-finder';
import { Sessions } from './sessions';
import { settingsOf } from './settings';

/**
 * A session store for express-session (https://github.com/expressjs/session#session-store-implementation)
 * that does nothing but call the routines which `knex-mysql-session migrate` installed.
 *
 * Every method takes a callback, which is called once and never before the method has returned, or gives
 * a promise where it is left out.
 */
export class MySQLSessionStore<Attributes extends AttributeKinds = NoAttributes> extends Store {
  readonly #sessions: Sessions<SessionData>;

  /** @throws {ArgumentError} for an option that is wrong or does not exist */
  constructor(options: StoreOptions<SessionData, Attributes>) {
    super();
    this.#sessions = new Sessions(settingsOf(options), cookieExpiry, (sid, session) =>
      this.emit('lost', sid, session),
    );
  }

  /**
   * Resolves when the database answers and its routines are those that this version works with. Await it
   * at the start, to fail there, with the remedy, and not at the first request.
   */
  ready(): Promise<void>;
  ready(callback: Callback<void>): void;
  ready(callback?: Callback<void>): Promise<void> | undefined {
    return settle(() => this.#sessions.ready(), callback);
  }

  /**
   * The session, or null where there is no live one of this id. `cookie.expires` is when its row expires, less
   * `touchAfter`, unless the cookie is one that the browser drops at the end of its session.
   */
  override get(sid: string): Promise<SessionData | null>;
  override get(sid: string, callback: Callback<SessionData | null>): void;
  override get(
    sid: string,
    callback?: Callback<SessionData | null>,
  ): Promise<SessionData | null> | undefined {
    return settle(() => this.#sessions.get(sid), callback);
  }

  /**
   * Saves the session: one that was loaded as what changed since, and it is never created again; where it is gone,
   * the store emits `lost` with the id and the session. Any other is created, or replaced. It lives until
   * `session.cookie.expires`, or for `ttl` where the cookie has none; where that has passed, it is removed.
   */
  override set(sid: string, session: SessionData): Promise<void>;
  override set(sid: string, session: SessionData, callback?: Callback<void>): void;
  override set(sid: string, session: SessionData, callback?: Callback<void>): Promise<void> | undefined {
    return settle(() => this.#sessions.set(sid, session, { byId: isForeign(session) }), callback);
  }

  /**
   * Prolongs a live session as its cookie says, and leaves its data alone. Nothing is written while its row is known
   * to live long enough. Where the session is gone, the store emits `lost` with the id and the session.
   */
  override touch(sid: string, session: SessionData): Promise<void>;
  override touch(sid: string, session: SessionData, callback?: Callback<void>): void;
  override touch(sid: string, session: SessionData, callback?: Callback<void>): Promise<void> | undefined {
    return settle(() => this.#sessions.touch(sid, session, { byId: isForeign(session) }), callback);
  }

  /** Removes the session; where there is none, that is fine. */
  override destroy(sid: string): Promise<void>;
  override destroy(sid: string, callback?: Callback<void>): void;
  override destroy(sid: string, callback?: Callback<void>): Promise<void> | undefined {
    return settle(() => this.#sessions.destroy(sid), callback);
  }

  /** Every live session, each with its `id`. All of them are held in memory. Needs the role operator. */
  override all(): Promise<Array<SessionData & { id: string }>>;
  override all(callback: Callback<Array<SessionData & { id: string }>>): void;
  override all(
    callback?: Callback<Array<SessionData & { id: string }>>,
  ): Promise<Array<SessionData & { id: string }>> | undefined {
    return settle(() => this.#sessions.table.all(), callback);
  }

  /** The id of every live session. Needs the role operator. */
  ids(): Promise<string[]>;
  ids(callback: Callback<string[]>): void;
  ids(callback?: Callback<string[]>): Promise<string[]> | undefined {
    return settle(() => this.#sessions.table.ids(), callback);
  }

  /**
   * The live sessions whose attribute has the value, in the order of their ids, a hundred of them read at a time:
   * `for await (const { id, session, expires } of store.findBy('user_id', 42))`. One that is changed and saved is
   * merged, as one that was loaded. Needs the role `find_ATTRIBUTE` or operator.
   *
   * @param attribute one of the option `attributes`
   */
  findBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
  ): AsyncGenerator<FoundSession<SessionData>, void, undefined> {
    return this.#sessions.finder.findBy(attribute, value);
  }

  /**
   * Removes the live sessions whose attribute has the value, and says how many. Needs the role `destroy_ATTRIBUTE` or
   * operator.
   *
   * @param attribute one of the option `attributes`
   */
  destroyBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options?: DestroyByOptions,
  ): Promise<number>;
  destroyBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options: DestroyByOptions,
    callback: Callback<number>,
  ): void;
  destroyBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options?: DestroyByOptions,
    callback?: Callback<number>,
  ): Promise<number> | undefined {
    return settle(() => this.#sessions.finder.destroyBy(attribute, value, options), callback);
  }

  /**
   * The id that the database has for a session's id, which is the one that `ids`, `all` and `findBy` give: the same, or with the
   * option `hashIds` its SHA-256.
   */
  storedId(sid: string): string {
    return this.#sessions.storedId(sid);
  }

  /**
   * Removes the session that has this id in the database, one that `ids`, `all` or `findBy` gave; where there is none,
   * that is fine. Never give it what a cookie brought.
   */
  destroyStored(id: string): Promise<void>;
  destroyStored(id: string, callback: Callback<void>): void;
  destroyStored(id: string, callback?: Callback<void>): Promise<void> | undefined {
    return settle(() => this.#sessions.destroyStored(id), callback);
  }

  /** How many sessions are live. Needs the role operator. */
  override length(): Promise<number>;
  override length(callback: Callback<number>): void;
  override length(callback?: Callback<number>): Promise<number> | undefined {
    return settle(() => this.#sessions.table.length(), callback);
  }

  /** Removes every session, so that everybody is logged out. Needs the role operator. */
  override clear(): Promise<void>;
  override clear(callback?: Callback<void>): void;
  override clear(callback?: Callback<void>): Promise<void> | undefined {
    return settle(() => this.#sessions.table.clear(), callback);
  }

  /** Deletes the expired sessions now, and says how many it deleted. */
  gc(): Promise<number>;
  gc(callback: Callback<number>): void;
  gc(callback?: Callback<number>): Promise<number> | undefined {
    return settle(() => this.#sessions.table.gc(), callback);
  }

  /**
   * Stops the cleanup, and closes the pool if the store opened it: with `connection`, not with `knex`.
   * Every later call fails with a {@link StoreClosedError}.
   */
  close(): Promise<void>;
  close(callback: Callback<void>): void;
  close(callback?: Callback<void>): Promise<void> | undefined {
    return settle(() => this.#sessions.close(), callback);
  }

  /**
   * express-session hands each session that it loaded through here, and so it is known for a loaded one. Takes
   * one without a cookie too, as a script may have set it, where express-session would throw.
   */
  override createSession(
    request: Parameters<Store['createSession']>[0],
    session: SessionData,
  ): Session & SessionData {
    const whole = session.cookie ? session : { ...session, cookie: new Cookie() };
    const created = super.createSession(request, whole);
    this.#sessions.follow(session, created);
    return created;
  }
}

// A session of express-session that was not loaded is a new one. Other frameworks make an object of their own
// of one that was.
function isForeign(session: SessionData): boolean {
  return !(session instanceof Session);
}

import { Cookie, Session, type SessionData, Store } from 'express-session';
import type { AttributeKinds, AttributeValue, NoAttributes } from '../options/attributes';
import { resolveOptions } from '../options/resolve-options';
import type { StoreOptions } from '../options/store-options';
import type { FoundSession } from '../sessions/attribute-operations';
import type { DestroyByOptions, LimitByOptions } from '../sessions/bulk-options';
import type { StoreEvents } from '../sessions/session-events';
import type { SessionRepository } from '../sessions/session-repository';
import { type PingResult, SessionService, type TimeoutOptions } from '../sessions/session-service';
import { cookieAdapter } from './cookie-adapter';
import { type Callback, promiseOrCallback } from './promise-or-callback';
import type { SharedStoreMethods } from './shared-store-methods';

/** Returns the sessions of a store, for the other stores of this package. */
export let repositoryOf: (store: MySQLSessionStore) => SessionRepository<SessionData>;

/**
 * A session store for express-session. It only calls the routines that `knex-mysql-session migrate`
 * installed. Each method takes a callback or, without one, returns a promise. It calls the callback
 * once, and only after the method has returned.
 *
 * Emits the events of {@link StoreEvents}. Its other methods are those of
 * {@link SharedStoreMethods}.
 *
 * @see https://github.com/expressjs/session#session-store-implementation
 */
export class MySQLSessionStore<
    Data extends SessionData = SessionData,
    Attributes extends AttributeKinds = NoAttributes,
  >
  extends Store
  implements SharedStoreMethods<Data, Attributes>
{
  readonly #sessions: SessionService<Data>;

  static {
    repositoryOf = (store) => store.#sessions.repository;
  }

  /** @throws {ArgumentError} for a wrong or unknown option */
  constructor(options: StoreOptions<Data, Attributes>) {
    super();
    this.#sessions = new SessionService(resolveOptions(options), {
      adapter: cookieAdapter,
      // For @fastify/session, and code that builds its own session object.
      remembersIds: true,
      emitter: this,
    });
  }

  /** Adds a listener to an event. */
  override on<Name extends keyof StoreEvents<Data>>(
    name: Name,
    listener: (...args: StoreEvents<Data>[Name]) => void,
  ): this {
    return super.on(name, listener as Listener);
  }

  /** Adds a listener to the next event of a name. */
  override once<Name extends keyof StoreEvents<Data>>(
    name: Name,
    listener: (...args: StoreEvents<Data>[Name]) => void,
  ): this {
    return super.once(name, listener as Listener);
  }

  /** Removes a listener. */
  override off<Name extends keyof StoreEvents<Data>>(
    name: Name,
    listener: (...args: StoreEvents<Data>[Name]) => void,
  ): this {
    return super.off(name, listener as Listener);
  }

  /** Removes the listeners of an event, or of all. */
  override removeAllListeners(...names: [name?: keyof StoreEvents<Data>]): this {
    // Without a name, this also removes the listener that looks for new ones.
    this.#sessions.events.listen();
    return super.removeAllListeners(...names);
  }

  /**
   * Returns the session, or null if there is no live session with this id. `cookie.expires` is when
   * the session ends. A cookie without an expiry stays so: the browser deletes it when it closes.
   */
  override get(sid: string): Promise<Data | null>;
  override get(sid: string, callback: Callback<Data | null>): void;
  override get(sid: string, callback?: Callback<Data | null>): Promise<Data | null> | undefined {
    return promiseOrCallback(() => this.#sessions.repository.get(sid), callback);
  }

  /**
   * Saves the session. Writes only what changed since the session was loaded, and never creates it
   * again. Creates or replaces any other session. The session lives until `session.cookie.expires`,
   * and without that for the option `ttl`. An expiry in the past deletes the session.
   *
   * @throws {ArgumentError} for an invalid id, session or lifetime
   */
  override set(sid: string, session: Data): Promise<void>;
  override set(sid: string, session: Data, callback?: Callback<void>): void;
  override set(sid: string, session: Data, callback?: Callback<void>): Promise<void> | undefined {
    const isExpress = isExpressSession(session);
    const options = { matchById: !isExpress, tracksCreated: isExpress };
    return promiseOrCallback(() => this.#sessions.repository.set(sid, session, options), callback);
  }

  /**
   * Prolongs a live session until `session.cookie.expires`, and does not change its data. Writes
   * nothing while the row lives long enough. An expiry in the past deletes the session.
   *
   * @throws {ArgumentError} for an invalid id, session or lifetime
   */
  override touch(sid: string, session: Data): Promise<void>;
  override touch(sid: string, session: Data, callback?: Callback<void>): void;
  override touch(sid: string, session: Data, callback?: Callback<void>): Promise<void> | undefined {
    const matchById = !isExpressSession(session);
    return promiseOrCallback(
      () => this.#sessions.repository.touch(sid, session, { matchById }),
      callback,
    );
  }

  /**
   * Deletes the session. A missing session is no error.
   *
   * @throws {ArgumentError} for an invalid id
   */
  override destroy(sid: string): Promise<void>;
  override destroy(sid: string, callback?: Callback<void>): void;
  override destroy(sid: string, callback?: Callback<void>): Promise<void> | undefined {
    return promiseOrCallback(() => this.#sessions.repository.destroy(sid), callback);
  }

  ready(): Promise<void>;
  ready(callback: Callback<void>): void;
  ready(callback?: Callback<void>): Promise<void> | undefined {
    return promiseOrCallback(() => this.#sessions.ready(), callback);
  }

  /** Returns every live session with its stored id. Needs the role operator. */
  override all(): Promise<Array<Data & { id: string }>>;
  override all(callback: Callback<Array<Data & { id: string }>>): void;
  override all(
    callback?: Callback<Array<Data & { id: string }>>,
  ): Promise<Array<Data & { id: string }>> | undefined {
    return promiseOrCallback(() => this.#sessions.bulk.all(), callback);
  }

  ids(): Promise<string[]>;
  ids(callback: Callback<string[]>): void;
  ids(callback?: Callback<string[]>): Promise<string[]> | undefined {
    return promiseOrCallback(() => this.#sessions.bulk.ids(), callback);
  }

  /** Returns the number of live sessions. Needs the role operator. */
  override length(): Promise<number>;
  override length(callback: Callback<number>): void;
  override length(callback?: Callback<number>): Promise<number> | undefined {
    return promiseOrCallback(() => this.#sessions.bulk.length(), callback);
  }

  /** Deletes every session: all visitors are logged out. Needs the role operator. */
  override clear(): Promise<void>;
  override clear(callback?: Callback<void>): void;
  override clear(callback?: Callback<void>): Promise<void> | undefined {
    return promiseOrCallback(() => this.#sessions.bulk.clear(), callback);
  }

  gc(): Promise<number>;
  gc(callback: Callback<number>): void;
  gc(callback?: Callback<number>): Promise<number> | undefined {
    return promiseOrCallback(async () => (await this.#sessions.bulk.gc()).deleted, callback);
  }

  findBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
  ): AsyncGenerator<FoundSession<Data>, void, undefined> {
    return this.#sessions.byAttribute.findBy(attribute, value);
  }

  countBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
  ): Promise<number>;
  countBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    callback: Callback<number>,
  ): void;
  countBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    callback?: Callback<number>,
  ): Promise<number> | undefined {
    return promiseOrCallback(() => this.#sessions.byAttribute.countBy(attribute, value), callback);
  }

  limitBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options: LimitByOptions,
  ): Promise<string[]>;
  limitBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options: LimitByOptions,
    callback: Callback<string[]>,
  ): void;
  limitBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options: LimitByOptions,
    callback?: Callback<string[]>,
  ): Promise<string[]> | undefined {
    return promiseOrCallback(
      () => this.#sessions.byAttribute.limitBy(attribute, value, options),
      callback,
    );
  }

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
    return promiseOrCallback(
      () => this.#sessions.byAttribute.destroyBy(attribute, value, options),
      callback,
    );
  }

  storedId(sid: string): string {
    return this.#sessions.repository.storedId(sid);
  }

  destroyStored(id: string): Promise<void>;
  destroyStored(id: string, callback: Callback<void>): void;
  destroyStored(id: string, callback?: Callback<void>): Promise<void> | undefined {
    return promiseOrCallback(() => this.#sessions.repository.destroyStored(id), callback);
  }

  ping(options?: TimeoutOptions): Promise<PingResult>;
  ping(callback: Callback<PingResult>): void;
  ping(options: TimeoutOptions, callback: Callback<PingResult>): void;
  ping(
    options?: TimeoutOptions | Callback<PingResult>,
    callback?: Callback<PingResult>,
  ): Promise<PingResult> | undefined {
    return typeof options === 'function'
      ? promiseOrCallback(() => this.#sessions.ping(), options)
      : promiseOrCallback(() => this.#sessions.ping(options), callback);
  }

  close(options?: TimeoutOptions): Promise<void>;
  close(callback: Callback<void>): void;
  close(options: TimeoutOptions, callback: Callback<void>): void;
  close(
    options?: TimeoutOptions | Callback<void>,
    callback?: Callback<void>,
  ): Promise<void> | undefined {
    return typeof options === 'function'
      ? promiseOrCallback(() => this.#sessions.close(), options)
      : promiseOrCallback(() => this.#sessions.close(options), callback);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Makes express-session's object from a session that `get` returned. express-session calls this
   * for each session that it loads. Adds a cookie if the session has none, because a script set it.
   */
  override createSession(
    request: Parameters<Store['createSession']>[0],
    session: SessionData,
  ): Session & SessionData {
    const sessionWithCookie = session.cookie ? session : { ...session, cookie: new Cookie() };
    const created = super.createSession(request, sessionWithCookie);
    this.#sessions.repository.alias(session, created);
    return created;
  }
}

type Listener = (...args: unknown[]) => void;

// A `Session` of express-session that was not loaded is new. Other frameworks pass another object
// for a loaded session, so only the id can match it.
function isExpressSession(session: SessionData): boolean {
  return session instanceof Session;
}

import type { AttributeKinds, AttributeValue } from '../options/attributes';
import type { FoundSession } from '../sessions/attribute-operations';
import type { DestroyByOptions, LimitByOptions } from '../sessions/bulk-options';
import type { PingResult, TimeoutOptions } from '../sessions/session-service';

/**
 * The methods that every store has, for each framework. In `MySQLSessionStore`, each method that
 * returns a promise also takes a callback as its last argument. The role that a method needs is
 * application, unless its description names another one.
 */
export interface SharedStoreMethods<Session extends object, Attributes extends AttributeKinds> {
  /**
   * Checks that the database answers and that its routines are compatible. Await it at startup: an
   * `InstallationError` then names the remedy before the first request. After a success, it does
   * not ask again. For a health check, see `ping`.
   */
  ready(): Promise<void>;

  /**
   * Returns every live session with its stored id, in the order of the ids. Holds all of them in
   * memory. To change one, `get` it: `set` would save these objects as new sessions. Needs the role
   * operator.
   */
  all(): Promise<Array<Session & { id: string }>>;

  /** Returns the stored id of every live session, in order. Needs the role operator. */
  ids(): Promise<string[]>;

  /** Returns the number of live sessions. Needs the role operator. */
  length(): Promise<number>;

  /** Deletes every session: all visitors are logged out. Needs the role operator. */
  clear(): Promise<void>;

  /** Deletes the expired sessions now. Returns the number of them. */
  gc(): Promise<number>;

  /**
   * Yields the live sessions with an attribute's value, in the order of their ids. Reads 100 of
   * them at a time. If you save one of them, only its changes are written. Needs the role
   * `find_ATTRIBUTE` or operator.
   *
   * @example
   * for await (const { id, session, expires } of store.findBy('user_id', 42)) { … }
   * @param attribute one of the option `attributes`
   * @throws {ArgumentError} for an unknown attribute or a value of another type
   */
  findBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
  ): AsyncGenerator<FoundSession<Session>, void, undefined>;

  /**
   * Returns the number of live sessions with an attribute's value. Needs the role
   * `count_ATTRIBUTE` or operator.
   *
   * @param attribute one of the option `attributes`
   * @throws {ArgumentError} for an unknown attribute or a value of another type
   */
  countBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
  ): Promise<number>;

  /**
   * Deletes the live sessions with an attribute's value, until `keep` are left. Returns the stored
   * ids of the deleted ones. If calls for one value race, exactly `keep` are left. Needs the role
   * `limit_ATTRIBUTE` or operator.
   *
   * After a login, save the session first: only saved sessions count.
   *
   * @example
   * const ended = await store.limitBy('user_id', 42, { keep: 3, except: request.sessionID });
   * @param attribute one of the option `attributes`
   * @throws {ArgumentError} for an unknown attribute, a value of another type or a wrong option
   */
  limitBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options: LimitByOptions,
  ): Promise<string[]>;

  /**
   * Deletes the live sessions with an attribute's value. Returns the number of them. Needs the role
   * `destroy_ATTRIBUTE` or operator.
   *
   * @param attribute one of the option `attributes`
   * @throws {ArgumentError} for an unknown attribute or a value of another type
   */
  destroyBy<Name extends keyof Attributes & string>(
    attribute: Name,
    value: AttributeValue<Attributes[Name]>,
    options?: DestroyByOptions,
  ): Promise<number>;

  /**
   * Returns the stored id of a session id: the same id, or its SHA-256 with the option `hashIds`.
   *
   * @throws {ArgumentError} for an id that is not 1 to 255 visible ASCII characters
   */
  storedId(sid: string): string;

  /**
   * Deletes the session with a stored id. `ids`, `all` and `findBy` return stored ids. A missing
   * session is no error. Never pass an id that a cookie brought.
   *
   * @throws {ArgumentError} for an id that is not 1 to 255 visible ASCII characters
   */
  destroyStored(id: string): Promise<void>;

  /**
   * Asks the server now, for a health check: whether it takes writes, how long the answer took, and
   * which server it is. If it takes no writes, asks again on a new connection.
   *
   * @param options `timeout`: how many milliseconds the answer may take, by default 1,000
   * @throws {RetryBudgetError} if no server answers in time
   * @throws {ArgumentError} for a wrong `timeout`
   */
  ping(options?: TimeoutOptions): Promise<PingResult>;

  /**
   * Ends the cleanup, lets the calls in flight finish, and closes the pool that the store opened. A
   * pool of the option `knex` stays open. Every later call fails with a `StoreClosedError`.
   *
   * @param options `timeout`: how many milliseconds the calls in flight may take, by default 5,000.
   * Then they fail with a `StoreClosedError`.
   * @throws {ArgumentError} for a wrong `timeout`
   */
  close(options?: TimeoutOptions): Promise<void>;

  /** The same as `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

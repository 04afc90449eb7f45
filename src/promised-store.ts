import { EventEmitter } from 'node:events';
import type { AttributeKinds, AttributeValue, NoAttributes } from './attributes';
import type { Expiry } from './expiry';
import type { DestroyByOptions, FoundSession } from './session-finder';
import { Sessions } from './sessions';
import type { Settings } from './settings';

/**
 * What the stores whose calls are promises have in common.
 *
 * Emits `lost` for a session that was to be saved or touched, and is gone: with its id and the session, or
 * undefined for one that was touched by its id alone.
 */
export abstract class PromisedStore<
  Session extends object,
  Attributes extends AttributeKinds = NoAttributes,
> extends EventEmitter<{
  lost: [sid: string, session: Session | undefined];
}> {
  protected readonly sessions: Sessions<Session>;

  protected constructor(settings: Settings<Session>, expiry: Expiry) {
    super();
    this.sessions = new Sessions(settings, expiry, (sid, session) => this.emit('lost', sid, session));
  }

  /**
   * Resolves when the database answers and its routines are those that this version works with. Await it
   * at the start, to fail there, with the remedy, and not at the first request.
   */
  ready(): Promise<void> {
    return this.sessions.ready();
  }

  /** Every live session, each with its `id`. All of them are held in memory. Needs the role operator. */
  all(): Promise<Array<Session & { id: string }>> {
    return this.sessions.table.all();
  }

  /** The id of every live session. Needs the role operator. */
  ids(): Promise<string[]> {
    return this.sessions.table.ids();
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
  ): AsyncGenerator<FoundSession<Session>, void, undefined> {
    return this.sessions.finder.findBy(attribute, value);
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
  ): Promise<number> {
    return this.sessions.finder.destroyBy(attribute, value, options);
  }

  /**
   * The id that the database has for a session's id, which is the one that `ids`, `all` and `findBy` give: the same, or with the
   * option `hashIds` its SHA-256.
   */
  storedId(sid: string): string {
    return this.sessions.storedId(sid);
  }

  /**
   * Removes the session that has this id in the database, one that `ids`, `all` or `findBy` gave; where there is none,
   * that is fine. Never give it what a cookie brought.
   */
  destroyStored(id: string): Promise<void> {
    return this.sessions.destroyStored(id);
  }

  /** How many sessions are live. Needs the role operator. */
  length(): Promise<number> {
    return this.sessions.table.length();
  }

  /** Removes every session, so that everybody is logged out. Needs the role operator. */
  clear(): Promise<void> {
    return this.sessions.table.clear();
  }

  /** Deletes the expired sessions now, and says how many it deleted. */
  gc(): Promise<number> {
    return this.sessions.table.gc();
  }

  /**
   * Stops the cleanup, and closes the pool if the store opened it: with `connection`, not with `knex`. Every later
   * call fails with a `StoreClosedError`.
   */
  close(): Promise<void> {
    return this.sessions.close();
  }
}

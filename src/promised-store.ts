import { EventEmitter } from 'node:events';
import type { Expiry } from './expiry';
import { Sessions } from './sessions';
import type { Settings } from './settings';

/**
 * What the stores whose calls are promises have in common.
 *
 * Emits `lost` for a session that was to be saved or touched, and is gone: with its id and the session, or
 * undefined for one that was touched by its id alone.
 */
export abstract class PromisedStore<Session extends object> extends EventEmitter<{
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

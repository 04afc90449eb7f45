import type { AttributeKinds, NoAttributes } from './attributes';
import { cookieExpiry } from './cookie-expiry';
import type { StoreOptions } from './options';
import { PromisedStore } from './promised-store';
import { settingsOf } from './settings';

/**
 * Sessions for scripts, workers and sockets: promises, no framework, and the application's own type of session. It
 * works on the same sessions as the stores for express-session, @fastify/session and Koa.
 */
export class SessionStore<
  Session extends object = Record<string, unknown>,
  Attributes extends AttributeKinds = NoAttributes,
> extends PromisedStore<Session, Attributes> {
  /** @throws {ArgumentError} for an option that is wrong or does not exist */
  constructor(options: StoreOptions<Session, Attributes>) {
    super(settingsOf(options), cookieExpiry);
  }

  /** The session, or null where there is no live one of this id. */
  get(sid: string): Promise<Session | null> {
    return this.sessions.get(sid);
  }

  /**
   * Saves the session: the object that `get` gave, or another one for an id that `get` found, as what changed since,
   * and it is never created again. Any other is created, or replaced.
   *
   * @param ttl how many milliseconds it is to live from now at the least, for its row lives longer by `touchAfter`; where
   * left out, until `session.cookie.expires`, and where there is none, for the option `ttl`. One whose time is over
   * is removed.
   */
  set(sid: string, session: Session, ttl?: number): Promise<void> {
    return this.sessions.set(sid, session, { ttl });
  }

  /**
   * Prolongs a live session and leaves its data alone. Nothing is written while its row is known to live long enough.
   *
   * @param how the session, which is to live until `session.cookie.expires` or for the option `ttl`, or how many
   * milliseconds it is to live from now at the least. One whose time is over is removed.
   */
  touch(sid: string, how: Session | number): Promise<void> {
    return typeof how === 'number' ? this.sessions.prolong(sid, how) : this.sessions.touch(sid, how);
  }

  /** Removes the session; where there is none, that is fine. */
  destroy(sid: string): Promise<void> {
    return this.sessions.destroy(sid);
  }
}

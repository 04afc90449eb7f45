import type { AttributeKinds, NoAttributes } from '../options/attributes';
import { resolveOptions } from '../options/resolve-options';
import type { StoreOptions } from '../options/store-options';
import { cookieAdapter } from './cookie-adapter';
import { PromiseStore } from './promise-store';

/**
 * A session store for scripts, workers and sockets. It has promises, no framework, and your own
 * type of session. It reads and writes the same sessions as the stores for express-session,
 * @fastify/session and Koa. Its other methods are those of {@link SharedStoreMethods}.
 */
export class SessionStore<
  Session extends object = Record<string, unknown>,
  Attributes extends AttributeKinds = NoAttributes,
> extends PromiseStore<Session, Attributes> {
  /** @throws {ArgumentError} for a wrong or unknown option */
  constructor(options: StoreOptions<Session, Attributes>) {
    super(resolveOptions(options), { adapter: cookieAdapter, remembersIds: false });
  }

  /** Returns the session, or null if there is no live session with this id. */
  get(sid: string): Promise<Session | null> {
    return this.sessions.repository.get(sid);
  }

  /**
   * Creates or replaces the session. Of an object that `get` or `findBy` returned, writes only what
   * changed since, and never creates its session again. If that session is gone, the store emits
   * `lost`. A copy of such an object replaces the session.
   *
   * @param ttl how many milliseconds the session lives from now. By default it lives until
   * `session.cookie.expires`, and without that for the option `ttl`. 0 or less deletes the session.
   * @throws {ArgumentError} for an invalid id, session or lifetime
   */
  set(sid: string, session: Session, ttl?: number): Promise<void> {
    return this.sessions.repository.set(sid, session, { ttl });
  }

  /**
   * Prolongs a live session, and does not change its data. With an object that `get` or `findBy`
   * returned, writes nothing while the row lives long enough. If the session is gone, the store
   * emits `lost`.
   *
   * @param sessionOrTtl the session or a number of milliseconds from now. With a session, its
   * `cookie.expires` decides, and without that the option `ttl`. 0 or less deletes the session.
   * @throws {ArgumentError} for an invalid id, session or lifetime
   */
  touch(sid: string, sessionOrTtl: Session | number): Promise<void> {
    return typeof sessionOrTtl === 'number'
      ? this.sessions.repository.touchById(sid, sessionOrTtl)
      : this.sessions.repository.touch(sid, sessionOrTtl);
  }

  /**
   * Deletes the session. A missing session is no error.
   *
   * @throws {ArgumentError} for an invalid id
   */
  destroy(sid: string): Promise<void> {
    return this.sessions.repository.destroy(sid);
  }
}

import { ArgumentError } from '../errors';
import type { AttributeKinds, NoAttributes } from '../options/attributes';
import type { KoaMiddleware, KoaStoreOptions } from '../options/koa-options';
import { resolveKoaOptions } from '../options/resolve-options';
import { describe } from '../util/describe';
import { callErrorHandler, type ErrorHandler } from '../util/error-handler';
import { koaSessionAdapter, ttlAdapter } from './koa-adapters';
import { PendingWrites } from './pending-writes';
import { PromiseStore } from './promise-store';

/** Any value that JSON text can hold. */
type Json = ReturnType<typeof JSON.parse>;

/** The last argument of koa-session's calls. */
interface KoaCall {
  /** The context of the request. */
  readonly ctx?: object | undefined;
}

/**
 * A session store for koa-session 7, koa-generic-session 2 and koa-session-minimal 4. It only calls
 * the routines that `knex-mysql-session migrate` installed. Its other methods are those of
 * {@link SharedStoreMethods}.
 */
export class KoaSessionStore<
  Session extends object = Json,
  Attributes extends AttributeKinds = NoAttributes,
> extends PromiseStore<Session, Attributes> {
  readonly #middleware: KoaMiddleware;
  readonly #onWriteError: ErrorHandler;
  readonly #pendingWrites = new PendingWrites();

  /** @throws {ArgumentError} for a wrong or unknown option */
  constructor(options: KoaStoreOptions<Session, Attributes>) {
    const resolved = resolveKoaOptions(options);
    const { middleware, onWriteError } = resolved;
    super(resolved, {
      adapter: middleware === 'koa-session' ? koaSessionAdapter : ttlAdapter,
      remembersIds: middleware !== 'koa-session',
    });
    this.#middleware = middleware;
    this.#onWriteError = onWriteError;
  }

  /** Returns the session, or undefined if there is no live session with this key. */
  async get(
    key: string,
    _maxAge?: number | 'session',
    { ctx }: KoaCall = {},
  ): Promise<Session | undefined> {
    await this.#pendingWrites.settled(key);
    return (await this.sessions.repository.get(key, this.#sessionObject(ctx))) ?? undefined;
  }

  /**
   * Saves the session. Writes only what changed since the session was loaded, and never creates it
   * again. If the loaded session is gone, the store emits `lost`. Creates or replaces any other
   * session.
   *
   * @param maxAge how many milliseconds the session lives from now. koa-session's `_expire` takes
   * precedence. Without a number, the option `ttl` decides. 0 or less deletes the session.
   * @throws {ArgumentError} for an invalid key, session or lifetime
   */
  set(
    key: string,
    session: Session,
    maxAge?: number | 'session',
    { ctx }: KoaCall = {},
  ): Promise<void> {
    return this.#write(key, async () =>
      this.sessions.repository.set(key, session, {
        sessionObject: this.#sessionObject(ctx),
        tracksCreated: this.#middleware === 'koa-session',
        ttl: this.#ttl(session, maxAge),
      }),
    );
  }

  /**
   * Deletes the session. A missing session is no error.
   *
   * @throws {ArgumentError} for an invalid key
   */
  destroy(key: string): Promise<void> {
    return this.#write(key, () => this.sessions.repository.destroy(key));
  }

  // koa-session makes a new object from each session: use its context. The others keep the object.
  #sessionObject(ctx: object | undefined): object | undefined {
    if (this.#middleware !== 'koa-session') {
      return undefined;
    }
    if (typeof ctx !== 'object' || ctx === null) {
      throw new ArgumentError(
        'ctx',
        'the request context that koa-session passes (for another middleware set the option `middleware`)',
        describe(ctx),
      );
    }
    return ctx;
  }

  #ttl(session: Session, maxAge: number | 'session' | undefined): number | undefined {
    const hasExpiry = this.#middleware === 'koa-session' && '_expire' in session;
    return maxAge === 'session' || hasExpiry ? undefined : maxAge;
  }

  // koa-session-minimal does not wait for writes. The next read waits, and the handler gets errors.
  #write(key: string, write: () => Promise<void>): Promise<void> {
    const written = write();
    if (this.#middleware !== 'koa-session-minimal') {
      return written;
    }
    const settled = written.catch((error) =>
      callErrorHandler(error, this.#onWriteError, 'onWriteError'),
    );
    this.#pendingWrites.add(key, settled);
    return settled;
  }
}

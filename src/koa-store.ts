import type { AttributeKinds, NoAttributes } from './attributes';
import { ArgumentError, describe } from './errors';
import { koaSessionExpiry, noExpiry } from './koa-expiry';
import type { StoreOptions } from './options';
import { PromisedStore } from './promised-store';
import { type ErrorHandler, report, warnOf } from './report';
import { check, isFunction, settingsOf } from './settings';
import { Unfinished } from './unfinished';

const middlewares = ['koa-session', 'koa-generic-session', 'koa-session-minimal'] as const;

export type KoaMiddleware = (typeof middlewares)[number];

/** What the store for Koa can be told besides. */
export interface KoaOptions {
  /**
   * Which middleware the store is given to.
   * @default 'koa-session'
   */
  readonly middleware?: KoaMiddleware | undefined;
  /**
   * Called with the error of a `set` or `destroy` that failed, for koa-session-minimal, which waits for neither: so
   * they resolve all the same. To the others they reject.
   * @default a process warning
   */
  readonly onWriteError?: ErrorHandler | undefined;
}

export type KoaStoreOptions<
  Session extends object = object,
  Attributes extends AttributeKinds = NoAttributes,
> = StoreOptions<Session, Attributes> & KoaOptions;

/** What JSON gives, which may be anything. */
type Json = ReturnType<typeof JSON.parse>;

/** What koa-session passes besides. */
interface Call {
  /** The context of the request. */
  readonly ctx?: object | undefined;
}

/**
 * A session store for koa-session 7, koa-generic-session 2 and koa-session-minimal 4, that does nothing but call the
 * routines which `knex-mysql-session migrate` installed.
 */
export class KoaSessionStore<
  Session extends object = Json,
  Attributes extends AttributeKinds = NoAttributes,
> extends PromisedStore<Session, Attributes> {
  readonly #middleware: KoaMiddleware;
  readonly #onWriteError: ErrorHandler;
  readonly #unawaited = new Unfinished();

  /** @throws {ArgumentError} for an option that is wrong or does not exist */
  constructor(options: KoaStoreOptions<Session, Attributes>) {
    const { middleware, onWriteError } = koaSettingsOf(options ?? {});
    super(
      settingsOf(options, ['middleware', 'onWriteError']),
      middleware === 'koa-session' ? koaSessionExpiry : noExpiry,
    );
    this.#middleware = middleware;
    this.#onWriteError = onWriteError;
  }

  /** The session, or undefined where there is no live one of this key. */
  async get(key: string, _maxAge?: number | 'session', { ctx }: Call = {}): Promise<Session | undefined> {
    await this.#unawaited.over(key);
    return (await this.sessions.get(key, this.#holder(ctx))) ?? undefined;
  }

  /**
   * Saves the session: one that was loaded as what changed since, and it is never created again; where it is gone,
   * the store emits `lost`. Any other is created, or replaced.
   *
   * @param maxAge how many milliseconds it is to live, unless koa-session's `_expire` says it; where it is no number,
   * as the browser drops the cookie, the option `ttl` says it
   */
  set(key: string, session: Session, maxAge?: number | 'session', { ctx }: Call = {}): Promise<void> {
    return this.#write(key, async () =>
      this.sessions.set(key, session, {
        holder: this.#holder(ctx),
        byId: this.#middleware !== 'koa-session',
        ttl: this.#ttl(session, maxAge),
      }),
    );
  }

  /** Removes the session; where there is none, that is fine. */
  destroy(key: string): Promise<void> {
    return this.#write(key, () => this.sessions.destroy(key));
  }

  // koa-session makes an object of its own of a session; the others hand back the one that was loaded.
  #holder(ctx: object | undefined): object | undefined {
    if (this.#middleware !== 'koa-session') {
      return undefined;
    }
    if (typeof ctx !== 'object' || ctx === null) {
      throw new ArgumentError(
        'ctx',
        "the request's context, as koa-session passes it; for another one set the option `middleware`",
        describe(ctx),
      );
    }
    return ctx;
  }

  #ttl(session: Session, maxAge: number | 'session' | undefined): number | undefined {
    const isToldBySession = this.#middleware === 'koa-session' && '_expire' in session;
    return maxAge === 'session' || isToldBySession ? undefined : maxAge;
  }

  // koa-session-minimal waits for no write: so its next read does, and a failure has nobody to go to.
  #write(key: string, write: () => Promise<void>): Promise<void> {
    const written = write();
    if (this.#middleware !== 'koa-session-minimal') {
      return written;
    }
    const over = written.catch((error) => report(error, this.#onWriteError, 'onWriteError'));
    this.#unawaited.add(key, over);
    return over;
  }
}

function koaSettingsOf({
  middleware = 'koa-session',
  onWriteError = warnOf('SessionWriteWarning'),
}: KoaOptions): { middleware: KoaMiddleware; onWriteError: ErrorHandler } {
  return {
    middleware: check(
      'middleware',
      middleware,
      (name) => middlewares.includes(name),
      `'${middlewares.join("' or '")}'`,
    ),
    onWriteError: check('onWriteError', onWriteError, isFunction, 'a function'),
  };
}

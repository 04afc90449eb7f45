import { type ErrorHandler, isErrorHandler, warningHandler } from '../util/error-handler';
import type { AttributeKinds, NoAttributes } from './attributes';
import { defineOption, type InputOf } from './define-option';
import type { StoreOptions } from './store-options';

const middlewares = ['koa-session', 'koa-generic-session', 'koa-session-minimal'] as const;

export type KoaMiddleware = (typeof middlewares)[number];

/** The options that only the store for Koa has. */
export const koaOptions = {
  /**
   * The session middleware that uses the store.
   * @default 'koa-session'
   */
  middleware: defineOption<KoaMiddleware>({
    default: 'koa-session',
    expected: `'${middlewares.join("' or '")}'`,
    isValid: (value): value is KoaMiddleware => middlewares.some((name) => name === value),
  }),
  /**
   * Called with the error of a failed `set` or `destroy` of koa-session-minimal. That middleware
   * does not await them, so they never reject. With the other middlewares they reject.
   * @default a process warning
   */
  onWriteError: defineOption<ErrorHandler>({
    default: warningHandler('SessionWriteWarning'),
    expected: 'a function',
    isValid: isErrorHandler,
  }),
};

/** The options that only `KoaSessionStore` has. */
export type KoaOptions = InputOf<typeof koaOptions>;

/** The options of `KoaSessionStore`. docs/options.md has their units, limits and defaults. */
export type KoaStoreOptions<
  Session extends object = object,
  Attributes extends AttributeKinds = NoAttributes,
> = StoreOptions<Session, Attributes> & KoaOptions;

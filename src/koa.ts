/**
 * The store for Koa.
 *
 * @module knex-mysql-session/koa
 */

export * from './common';
export type { KoaMiddleware, KoaOptions, KoaStoreOptions } from './options/koa-options';
export { KoaSessionStore } from './stores/koa-session-store';

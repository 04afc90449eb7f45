export * from './common';
export { type KoaMiddleware, type KoaOptions, KoaSessionStore, type KoaStoreOptions } from './koa-store';

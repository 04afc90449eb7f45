/**
 * The store for scripts, workers and sockets.
 *
 * @module knex-mysql-session/promise
 */

export * from './common';
export { SessionStore } from './stores/session-store';

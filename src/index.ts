/**
 * The store for express-session, Connect, NestJS and @fastify/session.
 *
 * @module knex-mysql-session
 */

export * from './common';
export {
  type FallbackCounts,
  type FallbackOptions,
  FallbackStore,
} from './stores/fallback-store';
export { MySQLSessionStore } from './stores/mysql-session-store';

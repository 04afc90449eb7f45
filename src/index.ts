export * from './common';
export {
  type FallbackCounts,
  type FallbackOptions,
  FallbackStore,
} from './stores/fallback-store';
export { MySQLSessionStore } from './stores/mysql-session-store';

export * from './common';
export { MySQLSessionStore } from './stores/mysql-session-store';

export * from './common';
export { MySQLSessionStore } from './express-store';

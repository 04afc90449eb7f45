export * from './common';
export { SessionStore } from './promise-store';

export * from './common';
export { SessionStore } from './stores/session-store';

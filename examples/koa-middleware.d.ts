import type { Middleware } from 'koa';

// Replaces the types on DefinitelyTyped. They declare `ctx.session` globally, and differently.
declare function session(options: object): Middleware;
export = session;

import type { Middleware } from 'koa';

// In place of the types on DefinitelyTyped: each says what `ctx.session` is for all of Koa, and so for the others too.
declare function session(options: object): Middleware;
export = session;

/** The example of each framework. */
export const examples: Readonly<Record<string, string>> = {
  'Express 5': 'examples/express.ts',
  'Express 4': 'test/examples/helpers/express-4.ts',
  Connect: 'examples/connect.ts',
  NestJS: 'examples/nestjs.ts',
  '@fastify/session': 'examples/fastify.ts',
  'koa-session': 'examples/koa-session.ts',
  'koa-generic-session': 'examples/koa-generic-session.ts',
  'koa-session-minimal': 'examples/koa-session-minimal.ts',
  'the promise API': 'examples/promise.ts',
};

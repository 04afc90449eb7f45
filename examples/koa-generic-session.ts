import { KoaSessionStore } from 'knex-mysql-session/koa';
import Koa from 'koa';
import session from 'koa-generic-session';
import { closeOnSigterm, printUrl, run } from './run';
import { day, welcome } from './visitor';

run(async ({ url, secret, port }) => {
  const store = new KoaSessionStore({ connection: url, middleware: 'koa-generic-session' });
  const app = new Koa();
  app.keys = [secret];
  app.use(session({ store, cookie: { maxAge: day }, rolling: true }));

  app.use(async (ctx) => {
    switch (`${ctx.method} ${ctx.path}`) {
      case 'GET /':
        ctx.body = welcome(ctx.session);
        break;
      case 'POST /color':
        ctx.session.color = ctx.query.is;
        ctx.body = 'Saved';
        break;
      case 'POST /login':
        // A new session id prevents session fixation.
        await ctx.regenerateSession();
        ctx.session.name = ctx.query.name;
        ctx.body = 'Hello';
        break;
      case 'POST /logout':
        ctx.session = null;
        ctx.body = 'Goodbye';
        break;
    }
  });

  await store.ready();
  const server = app.listen(port, () => printUrl(server));
  closeOnSigterm(server, () => store.close());
});

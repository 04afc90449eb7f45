import { KoaSessionStore } from 'knex-mysql-session/koa';
import Koa from 'koa';
import session from 'koa-session';
import { closeOnSigterm, printUrl, run } from './run';
import { day, welcome } from './visitor';

run(async ({ url, secret, port }) => {
  const store = new KoaSessionStore({ connection: url });
  const app = new Koa();
  app.keys = [secret];
  app.use(session({ store, maxAge: day, rolling: true }, app));

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
        ctx.session = { name: ctx.query.name };
        // A new session id prevents session fixation.
        await ctx.session.regenerate();
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

import { KoaSessionStore } from 'knex-mysql-session/koa';
import Koa from 'koa';
import session from 'koa-session';
import { listening, run } from './run';
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
      case 'POST /colour':
        ctx.session.colour = ctx.query.is;
        ctx.body = 'So be it';
        break;
      case 'POST /login':
        ctx.session = { name: ctx.query.name };
        // A new key: whoever knows the old one is not logged in by it.
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
  const server = app.listen(port, () => listening(server));
});

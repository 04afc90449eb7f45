import { KoaSessionStore } from 'knex-mysql-session/koa';
import Koa from 'koa';
import session from 'koa-session-minimal';
import { closeOnSigterm, printUrl, run } from './run';
import { day, welcome } from './visitor';

run(async ({ url, port }) => {
  const store = new KoaSessionStore({ connection: url, middleware: 'koa-session-minimal' });
  const app = new Koa();
  app.use(session({ store, cookie: { maxAge: day } }));

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
        ctx.sessionHandler.regenerateId();
        ctx.session = { name: ctx.query.name };
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

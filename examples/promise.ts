import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { SessionStore } from 'knex-mysql-session/promise';
import { closeOnSigterm, printUrl, run } from './run';
import { day, type Visitor, welcome } from './visitor';

run(async ({ url, port }) => {
  const store = new SessionStore<Visitor>({ connection: url, ttl: day });

  async function answer({ method, url = '/', headers }: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const [, cookieSid] = /sid=([\w-]+)/.exec(headers.cookie ?? '') ?? [];
    const found = cookieSid === undefined ? null : await store.get(cookieSid);

    async function save(sid: string, visitor: Visitor, body: string): Promise<void> {
      await store.set(sid, visitor);
      const cookie = `sid=${sid}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${day / 1000}`;
      response.setHeader('Set-Cookie', cookie).end(body);
    }

    // An id without a session has expired, or this server did not create it: never use it again.
    const sid = found && cookieSid ? cookieSid : randomUUID();
    const visitor = found ?? {};
    switch (`${method} ${pathname}`) {
      case 'GET /':
        return save(sid, visitor, welcome(visitor));
      case 'POST /color':
        visitor.color = String(searchParams.get('is'));
        return save(sid, visitor, 'Saved');
      case 'POST /login':
        // A new session id prevents session fixation.
        await store.destroy(sid);
        return save(randomUUID(), { name: String(searchParams.get('name')) }, 'Hello');
      case 'POST /logout':
        await store.destroy(sid);
        response.end('Goodbye');
        break;
      default:
        response.writeHead(404).end('Not found');
    }
  }

  await store.ready();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  server.listen(port, () => printUrl(server));
  closeOnSigterm(server, () => store.close());
});

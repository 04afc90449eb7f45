import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { SessionStore } from 'knex-mysql-session/promise';
import { listening, run } from './run';
import { day, type Visitor, welcome } from './visitor';

run(async ({ url, port }) => {
  const store = new SessionStore<Visitor>({ connection: url, ttl: day });

  async function answer({ method, url = '/', headers }: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const [, known] = /sid=([\w-]+)/.exec(headers.cookie ?? '') ?? [];
    const found = known === undefined ? null : await store.get(known);

    async function save(sid: string, visitor: Visitor, body: string): Promise<void> {
      await store.set(sid, visitor);
      const cookie = `sid=${sid}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${day / 1000}`;
      response.setHeader('Set-Cookie', cookie).end(body);
    }

    // An id that was not found was never made here, or is over.
    const sid = found && known ? known : randomUUID();
    const visitor = found ?? {};
    switch (`${method} ${pathname}`) {
      case 'GET /':
        return save(sid, visitor, welcome(visitor));
      case 'POST /colour':
        visitor.colour = String(searchParams.get('is'));
        return save(sid, visitor, 'So be it');
      case 'POST /login':
        // A new id: whoever knows the old one is not logged in by it.
        await store.destroy(sid);
        return save(randomUUID(), { name: String(searchParams.get('name')) }, 'Hello');
      case 'POST /logout':
        await store.destroy(sid);
        response.end('Goodbye');
    }
  }

  await store.ready();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  server.listen(port, () => listening(server));
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { RedisStore } from 'connect-redis';
import express from 'express';
import mysqlStoreOf from 'express-mysql-session';
import expressSession, { type Store } from 'express-session';
import { createClient } from 'redis';
import { Browser } from '../../../examples/demo/browser';
import { FallbackStore } from '../../../src';
import { bootRedis } from '../../support/servers/redis';
import { createStore, idsIn, type TestStore } from '../../support/store';

declare module 'express-session' {
  interface SessionData {
    hits?: number;
  }
}

/** Serves an application that counts the visits of each session, like one process of many. */
async function serve(t: ExecutionContext, store: Store): Promise<string> {
  const app = express();
  const cookie = { maxAge: 3_600_000 };
  app.use(expressSession({ store, secret: 's', cookie, resave: false, saveUninitialized: false }));
  app.get('/', ({ session }, response) => {
    session.hits = (session.hits ?? 0) + 1;
    response.send(`Hits: ${session.hits}`);
  });
  app.post('/sign-out', ({ session }, response, next) => {
    session.destroy((error) => (error ? next(error) : response.send('Signed out')));
  });
  const server: Server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A visitor who goes to another process with each visit, and counts along. */
class Visitor {
  hits = 0;
  #cookies = '';

  async visit(url: string): Promise<string> {
    const browser = new Browser(url);
    if (this.#cookies !== '') await browser.useCookies(this.#cookies);
    const { body } = await browser.visit();
    this.#cookies = await browser.cookies();
    this.hits++;
    return body;
  }

  /** Signs out. Returns what a visit with the old cookie shows afterwards. */
  async signOut(url: string, next: string): Promise<string> {
    const browser = new Browser(url);
    await browser.useCookies(this.#cookies);
    await browser.post('/sign-out');
    const late = new Browser(next);
    await late.useCookies(this.#cookies);
    return (await late.visit()).body;
  }
}

const openers: Record<string, (t: ExecutionContext, installation: TestStore) => Promise<Store>> = {
  async 'connect-redis'(t) {
    const client = createClient({ url: await bootRedis(t) });
    await client.connect();
    t.teardown(() => client.destroy());
    return new RedisStore({ client });
  },
  async 'express-mysql-session'(t, { url, name }) {
    const { hostname, port, username, password } = new URL(url);
    const store = new (mysqlStoreOf(expressSession))({
      host: hostname,
      port: Number(port),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: name,
      clearExpired: false,
      schema: { tableName: 'old_sessions' },
    });
    await store.onReady();
    t.teardown(() => store.close());
    return store;
  },
};

for (const [name, open] of Object.entries(openers)) {
  test.serial(
    `While all processes move from ${name}, no visitor is signed out, and a sign-out is final.`,
    async (t) => {
      const installation = await createStore(t);
      const { store } = installation;
      const oldStore = await open(t, installation);
      const plainOld = await serve(t, oldStore);
      const staying = await serve(t, new FallbackStore(store, oldStore, { move: false }));
      const moving = new FallbackStore(store, oldStore);
      const mover = await serve(t, moving);
      const plainNew = await serve(t, store);
      // The order of docs/migration.md. In each phase, requests reach both processes.
      const phases = [
        [plainOld, plainOld],
        [plainOld, staying],
        [staying, mover],
        [mover, mover],
        [mover, plainNew],
        [plainNew, plainNew],
      ];
      const visitors = Array.from({ length: 16 }, () => new Visitor());
      for (const [one = '', other = ''] of phases) {
        await Promise.all(
          visitors.map(async (visitor, index) => {
            for (let round = 0; round < 6; round++) {
              const body = await visitor.visit((round + index) % 2 === 0 ? one : other);
              t.is(body, `Hits: ${visitor.hits}`);
            }
          }),
        );
        const leaving = visitors.shift();
        t.is(await leaving?.signOut(one, other), 'Hits: 1');
      }
      t.true(moving.counts.found >= visitors.length);
      // The ten visitors who stay, and a session for each late visit after a sign-out.
      t.true((await idsIn(installation)).length >= visitors.length);
    },
  );
}

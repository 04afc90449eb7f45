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
import { createInstallation, idsIn, openStore, type TestInstallation } from '../../support/store';

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
  app.get('/read', ({ session }, response) => {
    response.send(`Hits until now: ${session.hits}`);
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
    const browser = await this.#open(url);
    const { body } = await browser.visit();
    this.#cookies = await browser.cookies();
    this.hits++;
    return body;
  }

  /** Reads the session in requests to several processes at once. */
  readAtOnce(urls: readonly string[]): Promise<string[]> {
    return Promise.all(
      urls.map(async (url) => {
        const browser = await this.#open(url);
        return (await browser.visit('/read')).body;
      }),
    );
  }

  /** Signs out. */
  async signOut(url: string): Promise<void> {
    const browser = await this.#open(url);
    await browser.post('/sign-out');
  }

  async #open(url: string): Promise<Browser> {
    const browser = new Browser(url);
    if (this.#cookies !== '') await browser.useCookies(this.#cookies);
    return browser;
  }
}

const openers: Record<
  string,
  (t: ExecutionContext, installation: TestInstallation) => Promise<Store>
> = {
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
      const installation = await createInstallation(t);
      const oldStore = await open(t, installation);
      const newStore = () => openStore(t, installation.accountUrl);
      const plainOld = await serve(t, oldStore);
      const staying = await serve(t, new FallbackStore(newStore(), oldStore, { move: false }));
      const movers = [1, 2].map(() => new FallbackStore(newStore(), oldStore));
      const [mover = '', otherMover = ''] = await Promise.all(movers.map((it) => serve(t, it)));
      const plainNew = await serve(t, newStore());
      // The order of docs/migration.md. In each phase, requests reach both processes.
      const phases = [
        [plainOld, plainOld],
        [plainOld, staying],
        [staying, mover],
        [mover, otherMover],
        [mover, plainNew],
        [plainNew, plainNew],
      ];
      const visitors = Array.from({ length: 16 }, () => new Visitor());
      // Their first request comes when all processes move.
      const late = Array.from({ length: 16 }, () => new Visitor());
      for (const visitor of late) await visitor.visit(plainOld);
      for (const [one = '', other = ''] of phases) {
        const leaving = visitors.shift();
        if (one === mover && other === otherMover) visitors.push(...late);
        const stay = visitors.map(async (visitor, index) => {
          for (let round = 0; round < 6; round++) {
            if (visitor.hits > 0) {
              const bodies = await visitor.readAtOnce([one, other, one, other]);
              t.deepEqual(bodies, Array(4).fill(`Hits until now: ${visitor.hits}`));
            }
            const body = await visitor.visit((round + index) % 2 === 0 ? one : other);
            t.is(body, `Hits: ${visitor.hits}`);
          }
        });
        const leave = async () => {
          await leaving?.visit(one);
          await Promise.all([leaving?.signOut(one), leaving?.readAtOnce([other, one, other])]);
          const bodies = await leaving?.readAtOnce([one, other]);
          t.deepEqual(bodies, Array(2).fill('Hits until now: undefined'));
          t.is(await leaving?.visit(one), 'Hits: 1');
          t.is(await leaving?.visit(other), 'Hits: 2');
        };
        await Promise.all([...stay, leave()]);
      }
      const found = movers.reduce((sum, { counts }) => sum + counts.found, 0);
      t.true(found >= visitors.length);
      // The visitors who stay, and a session for each visit after a sign-out.
      t.true((await idsIn(installation)).length >= visitors.length);
    },
  );
}

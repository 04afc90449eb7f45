import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import knex from 'knex';
import { MySQLSessionStore } from 'knex-mysql-session';
import { createApp } from './app';
import { attributes } from './devices';

/** Serves the application until it is told to end, and then leaves nothing open. */
async function main(env = process.env): Promise<void> {
  const { MYSQL_URL, SESSION_SECRET, PORT = '3000', CLEANUP_INTERVAL_MS = '60000' } = env;
  if (!MYSQL_URL || !SESSION_SECRET) {
    throw new Error("Set MYSQL_URL, to the application's account, and SESSION_SECRET");
  }
  const database = knex({ client: 'mysql2', connection: MYSQL_URL });
  const cleanupInterval = Number(CLEANUP_INTERVAL_MS);
  const store = new MySQLSessionStore({ knex: database, attributes, cleanupInterval });
  await store.ready();

  const server = createApp(store, SESSION_SECRET).listen(Number(PORT), '127.0.0.1');
  await once(server, 'listening');
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  // Requests under way are answered first; then the store stops its cleanup, and the pool is closed last.
  server.close();
  await once(server, 'close');
  await store.close();
  await database.destroy();
}

main().catch((error: unknown) => {
  console.error(error);
  // The pool may still be open, and would keep the process alive.
  process.exit(1);
});

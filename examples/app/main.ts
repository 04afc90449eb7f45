import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import knex from 'knex';
import { MySQLSessionStore } from 'knex-mysql-session';
import { endKeepAlive } from '../run';
import { createApp } from './app';
import { attributes } from './devices';

/** Serves the application until SIGTERM or SIGINT, and then closes what it opened. */
async function main(env = process.env): Promise<void> {
  const { MYSQL_URL, SESSION_SECRET, PORT = '3000', CLEANUP_INTERVAL_MS = '60000' } = env;
  // How many devices of a user stay signed in. Above 0, the account needs the role limit_user_id.
  const maxDevices = Number(env.MAX_DEVICES ?? 0);
  if (!Number.isInteger(maxDevices) || maxDevices < 0) {
    throw new Error(`Set MAX_DEVICES to a number of devices, or leave it out: ${env.MAX_DEVICES}`);
  }
  if (!MYSQL_URL || !SESSION_SECRET) {
    throw new Error("Set MYSQL_URL, to the application's account, and SESSION_SECRET");
  }
  const database = knex({ client: 'mysql2', connection: MYSQL_URL });
  const cleanupInterval = Number(CLEANUP_INTERVAL_MS);
  const store = new MySQLSessionStore({ knex: database, attributes, cleanupInterval });
  await store.ready();

  const server = createApp(store, SESSION_SECRET, maxDevices).listen(Number(PORT), '127.0.0.1');
  await once(server, 'listening');
  endKeepAlive(server);
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  // Requests under way end first. Then the store stops its cleanup, and the pool closes last.
  server.close();
  await once(server, 'close');
  await store.close();
  await database.destroy();
}

main().catch((error: unknown) => {
  console.error(error);
  // An open pool would keep the process alive.
  process.exit(1);
});

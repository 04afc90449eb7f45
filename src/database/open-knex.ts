import knexFactory, { type Knex } from 'knex';
import type { ConnectionOptions } from './connection-options';

/** A connection of mysql2: the part that this package uses directly. */
export interface RawConnection {
  readonly stream: { destroy(): void };
}

/** Opens a connection with these options. */
export type Connect = (options: ConnectionOptions) => Promise<RawConnection>;

/** Only this package uses the pool, so no other charset is needed. */
const charset = 'utf8mb4';

/**
 * Opens a pool of at most 10 connections. An idle one is closed after 30 seconds. Load balancers
 * forget it after minutes.
 *
 * @param open opens each connection of the pool
 */
export function openKnex(open: (connect: Connect) => Promise<RawConnection>): Knex {
  const knex = knexFactory({
    client: 'mysql2',
    // If knex knows a version, it sends no query for it before the first statement.
    version: 'latest',
    // Each connection gets its own options below.
    connection: {},
    pool: { min: 0, max: 10, idleTimeoutMillis: 30_000 },
    // Callers get each error. Without this, knex would also print it.
    log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
  });
  const { client } = knex;
  const connectByKnex: () => Promise<RawConnection> = client.acquireRawConnection.bind(client);
  // A function as `connection` of knex could not tell which options a connection was opened with.
  client.acquireRawConnection = () =>
    open((options) => {
      client.connectionSettings = { ...options, charset };
      return connectByKnex();
    });
  return knex;
}

function ignore(): void {}

import knexFactory, { type Knex } from 'knex';
import type { ConnectionOptions } from './connection-options';

/** A connection of mysql2: the part that this package uses directly. */
export interface RawConnection {
  readonly stream: { destroy(): void };
}

/**
 * Opens a pool of at most 10 connections.
 *
 * @param connection the options of every connection, or a function that chooses them
 * @param afterConnect runs before a new connection is used
 */
export function openPool(
  connection: ConnectionOptions | (() => Promise<ConnectionOptions>),
  afterConnect: (raw: RawConnection) => Promise<void> = async () => {},
): Knex {
  // Only this package uses the pool, so no other charset is needed.
  const charset = 'utf8mb4';
  return knexFactory({
    client: 'mysql2',
    // If knex knows a version, it sends no query for it before the first statement.
    version: 'latest',
    connection:
      typeof connection === 'function'
        ? async () => ({ ...(await connection()), charset })
        : { ...connection, charset },
    pool: {
      min: 0,
      max: 10,
      // No async function: Node.js warns if a function with a callback returns a promise (DEP0174).
      afterCreate: (raw: RawConnection, done: (error: null, raw: RawConnection) => void) => {
        afterConnect(raw).then(() => done(null, raw));
      },
    },
    // Callers get each error. Without this, knex would also print it.
    log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
  });
}

function ignore(): void {}

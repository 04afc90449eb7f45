import type { ExecutionContext } from 'ava';
import knex, { type Knex } from 'knex';
import type { Connection } from 'mysql2';
import type { Wire } from './axes';

/** Opens an application's own pool, whose connections are set as it likes, and closes it after the test. */
export function openPool(t: ExecutionContext, uri: string, wire: Wire, sqlMode: string): Knex {
  const settings = [
    ...(wire.names === undefined ? [] : [`SET NAMES ${wire.names}`]),
    `SET SESSION sql_mode = '${sqlMode}'`,
  ];
  const pool = knex({
    client: 'mysql2',
    version: 'latest',
    connection: { uri, charset: wire.charset },
    // What knex would print of a refused connection reaches the test as an error.
    log: { warn: () => {} },
    pool: {
      min: 0,
      max: 1,
      afterCreate: (connection: Connection, done: (error: unknown, connection: Connection) => void) => {
        apply(connection, settings, (error) => {
          // knex forgets a connection whose settings failed, and leaves it open.
          if (error) {
            connection.destroy();
          }
          done(error, connection);
        });
      },
    },
  });
  t.teardown(() => pool.destroy());
  return pool;
}

function apply(
  connection: Connection,
  [next, ...others]: readonly string[],
  done: (error: unknown) => void,
): void {
  if (next === undefined) {
    done(null);
  } else {
    connection.query(next, (error) => (error ? done(error) : apply(connection, others, done)));
  }
}

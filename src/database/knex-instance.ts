import type { Knex } from 'knex';
import { ArgumentError } from '../errors';
import { describe } from '../util/describe';
import { assertTlsIsKnown } from './ssl-mode';

/**
 * @throws {ArgumentError} if the value is not a knex instance with the client mysql2, or if it is a
 * transaction
 */
export function assertMysql2(knex: unknown): Knex {
  if (isMysql2(knex)) {
    if (Reflect.get(knex, 'isTransaction') === true) {
      const expected = 'the knex instance itself: each call of the store is its own transaction';
      throw new ArgumentError('knex', expected, 'a transaction of it');
    }
    assertConnectable(knex.client.config);
    return knex;
  }
  const driver = driverOf(knex);
  const got = driver === undefined ? describe(knex) : `one for ${driver}`;
  throw new ArgumentError('knex', "a knex instance with the client 'mysql2'", got);
}

// A function is not read: knex calls it for each new connection.
function assertConnectable({ connection, connectionPool }: Knex.Config): void {
  if (!connection && !connectionPool) {
    const expected = 'a knex instance with a connection';
    const got = 'one without: is the variable of its URL unset, such as MYSQL_URL?';
    throw new ArgumentError('knex', expected, got);
  }
  if (typeof connection === 'object') {
    const uri: unknown = Reflect.get(connection, 'uri');
    const isUrl = typeof uri === 'string' && URL.canParse(uri);
    const parameters = isUrl ? new URL(uri).searchParams.keys() : [];
    assertTlsIsKnown('knex', [...Object.keys(connection), ...parameters]);
  }
}

function isMysql2(knex: unknown): knex is Knex {
  return driverOf(knex) === 'mysql2';
}

function driverOf(knex: unknown): unknown {
  return typeof knex === 'function' ? Object(Reflect.get(knex, 'client')).driverName : undefined;
}

import type { Contender } from './contender';
import { knexMysqlSession, preparedStatements } from './knex-mysql-session';
import { connectRedis, connectSessionKnex, expressMysqlSession, memoryStore } from './peers';

/** The contender that the report compares with all others. */
export const own = knexMysqlSession.name;

export const contenders: readonly Contender[] = [
  knexMysqlSession,
  expressMysqlSession,
  connectSessionKnex,
  preparedStatements,
  connectRedis,
  memoryStore,
];

/** @throws {Error} if there is no contender of this name */
export function findContender(name: string): Contender {
  const contender = contenders.find((known) => known.name === name);
  if (!contender) throw new Error(`There is no contender "${name}"`);
  return contender;
}

import { bareExecute, barePrepared, bareQuery } from './bare-mysql2';
import { connectPgSimple } from './connect-pg-simple';
import { connectRedis } from './connect-redis';
import { connectSessionKnex } from './connect-session-knex';
import type { Contender } from './contender';
import { expressMysqlSession } from './express-mysql-session';
import { knexMysqlSession } from './knex-mysql-session';
import { memoryStore } from './memory-store';

export type { Contender, OpenStore, Place, Table } from './contender';

/** All of them, this package's first. */
export const contenders: readonly Contender[] = [
  knexMysqlSession,
  expressMysqlSession,
  connectSessionKnex,
  bareQuery,
  bareExecute,
  barePrepared,
  connectRedis,
  connectPgSimple,
  memoryStore,
];

/** Whom the others are held against. */
export const own = knexMysqlSession.name;

export function contenderOf(name: string): Contender {
  const contender = contenders.find((known) => known.name === name);
  if (!contender) throw new Error(`There is no contender ${name}`);
  return contender;
}

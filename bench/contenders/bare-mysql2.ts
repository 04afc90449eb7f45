import { createPool } from 'mysql2/promise';
import { BareStore, calls, plainSql, type Statements, type Way } from './bare-store';
import type { Contender } from './contender';
import { ageing, installIn } from './knex-mysql-session';
import { command } from './mysql-database';

/** mysql2 alone on this package's table: what is left for a store to lose. */
function bare(name: string, way: Way, statements: Statements, rights?: string): Contender {
  return {
    name,
    packages: ['mysql2'],
    server: 'mysql',
    prepare: (server, place) => installIn(server, place, rights),
    open: async ({ url, adminUrl }) => {
      // JSON comes as text, as it does from the routines.
      const pool = createPool({ uri: url, connectionLimit: 10, jsonStrings: true });
      return { store: new BareStore(pool, way, statements), age: () => command(adminUrl, ageing) };
    },
  };
}

export const bareQuery = bare('mysql2 query CALL', 'query', calls);

export const bareExecute = bare('mysql2 execute CALL', 'execute', calls);

/** No routines at all, and prepared statements: the limit. */
export const barePrepared = bare('mysql2 execute SQL', 'execute', plainSql, 'SELECT, INSERT, UPDATE, DELETE');

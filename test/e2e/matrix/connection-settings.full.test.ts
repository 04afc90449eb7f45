import test from 'ava';
import { MySQLSessionStore } from '../../../src';
import { openDatabase } from '../../support/database';
import { allPairs } from './all-pairs';
import {
  connectionCharsets,
  databaseCollations,
  openPool,
  supportedSqlModes,
} from './connection-settings';
import { assertKeepsHostileSessions } from './hostile-sessions';
import { createInstallation, installMethods } from './installation';

for (const collation of databaseCollations) {
  for (const method of installMethods) {
    const databaseCollation =
      collation === null ? "the server's default collation" : `collation ${collation}`;
    test(`In a database with ${databaseCollation}, installed by ${method}, sessions survive every charset and sql_mode.`, async (t) => {
      const installation = await createInstallation(t, method, collation);
      const sqlModes = await supportedSqlModes(openDatabase(t, installation.url));
      const pairs = allPairs({
        collation: databaseCollations,
        method: installMethods,
        connection: connectionCharsets,
        sqlMode: sqlModes,
      });
      for (const { connection, sqlMode } of pairs.filter(
        (pair) => pair.collation === collation && pair.method === method,
      )) {
        const store = new MySQLSessionStore({
          knex: openPool(t, installation.accountUrl, connection, sqlMode),
          routinePrefix: installation.naming.prefix,
          disableDbCleanup: true,
        });
        const { charset, setNames } = connection;
        await assertKeepsHostileSessions(
          t,
          store,
          installation,
          `${charset}${setNames ? `, SET NAMES ${setNames}` : ''}, sql_mode '${sqlMode}'`,
        );
      }
    });
  }
}

import test from 'ava';
import { MySQLSessionStore } from '../../src';
import { openDatabase } from '../database';
import { databaseCollations, sqlModes, wires } from './axes';
import { openPool } from './connection';
import { createInstallation, wayNames } from './installation';
import { allPairs } from './pairs';
import { keepsHostileSessions } from './round-trip';

for (const collation of databaseCollations) {
  for (const way of wayNames) {
    const where = `a database of ${collation ?? "the server's default collation"}`;
    test(`In ${where}, installed by ${way}, sessions come back over every character set and sql_mode.`, async (t) => {
      const installation = await createInstallation(t, way, collation);
      const modes = await sqlModes(openDatabase(t, installation.url));
      const pairs = allPairs({ collation: databaseCollations, way: wayNames, wire: wires, mode: modes });
      for (const { wire, mode } of pairs.filter((pair) => pair.collation === collation && pair.way === way)) {
        const store = new MySQLSessionStore({
          knex: openPool(t, installation.accountUrl, wire, mode),
          routinePrefix: installation.naming.prefix,
          disableDbCleanup: true,
        });
        const names = wire.names ? `, SET NAMES ${wire.names}` : '';
        await keepsHostileSessions(t, store, installation, `${wire.charset}${names}, sql_mode '${mode}'`);
      }
    });
  }
}

import test, { type ExecutionContext } from 'ava';
import { routineNames, routines } from '../../../src/contract';
import { Database } from '../../../src/database/database';
import { DatabaseError } from '../../../src/errors';
import { grant, install } from '../../../src/install';
import { sampleCall } from '../../sql/signature';
import { bootServer } from '../../support/servers';
import { definerOf } from '../catalog';
import { createInstallation } from '../installation';

const readOnly = 1290;

interface ReadOnlyServer {
  /** Queries as the administrator. */
  readonly query: Database['query'];
  /** Queries as the application. */
  readonly ask: Database['query'];
}

/** Boots a private server with an installation. Its administrator can make it read-only. */
async function bootInstallation(t: ExecutionContext): Promise<ReadOnlyServer> {
  const server = await bootServer();
  t.teardown(() => server.stop());
  const url = Object.assign(new URL(server.url), { pathname: '/shop' }).href;
  const open = (address: string) => {
    const database = Database.open(address);
    t.teardown(() => database.close());
    return database;
  };
  const setUp = open(server.url);
  await setUp.query('CREATE DATABASE shop');
  await install({ connection: url });
  await setUp.query("CREATE USER app@'%' IDENTIFIED BY 'aA1!for-the-test'");
  await grant({ connection: url }, "app@'%'");
  const administrator = open(url);
  const app = open(
    Object.assign(new URL(url), { username: 'app', password: 'aA1!for-the-test' }).href,
  );
  return {
    query: (sql, parameters) => administrator.query(sql, parameters),
    ask: (sql, parameters) => app.query(sql, parameters),
  };
}

test.serial('The definer needs each of its privileges: without one, a call fails.', async (t) => {
  const installation = await createInstallation(t);
  const { query, ask } = installation;
  const definer = definerOf(installation);
  const calls = new Map(
    routineNames.map((name) => [name, sampleCall(name, routines[name].signature)]),
  );
  const failsWithout = async (privilege: string, statements: readonly string[]) => {
    await query(`REVOKE ${privilege} FROM ${definer}`);
    const outcomes = await Promise.allSettled(statements.map((statement) => ask(statement)));
    await query(`GRANT ${privilege} TO ${definer}`);
    t.true(
      outcomes.some(({ status }) => status === 'rejected'),
      privilege,
    );
  };
  for (const privilege of ['SELECT', 'INSERT', 'UPDATE', 'DELETE']) {
    await failsWithout(`${privilege} ON sessions`, [...calls.values()]);
  }
  for (const [name, call] of calls) {
    await failsWithout(`EXECUTE ON PROCEDURE ${name}`, [call]);
  }
});

test.serial("While the server is read_only, the application can't write.", async (t) => {
  const { query, ask } = await bootInstallation(t);
  await query('SET GLOBAL read_only = 1');
  const error = await t.throwsAsync(ask("CALL sess_set('a', '{}', 60000)"), {
    instanceOf: DatabaseError,
  });
  t.is(error?.errno, readOnly);
});

test.serial('While the server is read_only, the application can read.', async (t) => {
  const { query, ask } = await bootInstallation(t);
  await ask("CALL sess_set('a', '{}', 60000)");
  await query('SET GLOBAL read_only = 1');
  t.is((await ask("CALL sess_get('a')")).length, 1);
});

test.serial(
  'With an administrator as definer, the application would write in spite of read_only.',
  async (t) => {
    const { query, ask } = await bootInstallation(t);
    const [row] = await query('SHOW CREATE PROCEDURE sess_set');
    await query('DROP PROCEDURE sess_set');
    await query(String(row?.[2]).replace(/DEFINER=\S+/, ''));
    await query('GRANT EXECUTE ON PROCEDURE sess_set TO app');
    await query('SET GLOBAL read_only = 1');
    await ask("CALL sess_set('a', '{}', 60000)");
    t.deepEqual(await query('SELECT sid FROM sessions'), [['a']]);
  },
);

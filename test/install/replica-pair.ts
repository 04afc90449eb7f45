import { openDatabase } from '../support/database';
import type { Scope } from '../support/scope';
import { bootServer, type Flavor, type Server } from '../support/servers';

/** The statements of a failover, as docs/failover.md shows them. */
interface FailoverStatements {
  /** Makes a server follow another one. A former primary needs `rejoin` first. */
  readonly follow: string;
  readonly rejoin: readonly string[];
  readonly protect: string;
  readonly promote: readonly string[];
}

export const failoverStatements: Readonly<Record<Flavor, FailoverStatements>> = {
  mariadb: {
    follow:
      "CHANGE MASTER TO MASTER_HOST = '10.0.0.2', MASTER_PORT = 3306, MASTER_USER = 'replication', " +
      "MASTER_PASSWORD = 'secret', MASTER_USE_GTID = slave_pos",
    rejoin: ['SET GLOBAL gtid_slave_pos = @@GLOBAL.gtid_current_pos'],
    protect: 'SET GLOBAL read_only = ON',
    promote: ['STOP SLAVE', 'RESET SLAVE ALL', 'SET GLOBAL read_only = OFF'],
  },
  mysql: {
    follow:
      "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '10.0.0.2', SOURCE_PORT = 3306, " +
      "SOURCE_USER = 'replication', SOURCE_PASSWORD = 'secret', SOURCE_AUTO_POSITION = 1, " +
      'GET_SOURCE_PUBLIC_KEY = 1',
    rejoin: [],
    protect: 'SET GLOBAL super_read_only = ON',
    promote: ['STOP REPLICA', 'RESET REPLICA ALL', 'SET GLOBAL read_only = OFF'],
  },
};

const startStatements = { mariadb: 'START SLAVE', mysql: 'START REPLICA' };

// Each server has created its account already, so it must not replicate this.
const forgetStatements = { mariadb: 'RESET MASTER', mysql: 'RESET BINARY LOGS AND GTIDS' };

const positionQueries = {
  mariadb: ['SELECT @@GLOBAL.gtid_binlog_pos', 'SELECT MASTER_GTID_WAIT(?, 60)'],
  mysql: ['SELECT @@GLOBAL.gtid_executed', 'SELECT WAIT_FOR_EXECUTED_GTID_SET(?, 60)'],
} as const;

/** A server that replicates another one, or can do so. */
export interface ReplicatedServer extends Server {
  run(statements: readonly string[]): Promise<void>;
  /** Follows a server. */
  follow(source: ReplicatedServer): Promise<void>;
  /** Waits until this server has everything that the other one has now. */
  catchUp(source: ReplicatedServer): Promise<void>;
  ask(sql: string, parameters?: readonly string[]): Promise<unknown>;
}

/** Boots two servers of the kind under test. The second one follows the first. */
export async function bootReplicaPair(
  scope: Scope,
): Promise<readonly [primary: ReplicatedServer, replica: ReplicatedServer]> {
  const primary = await bootReplicated(scope, 1);
  const replica = await bootReplicated(scope, 2);
  await replica.follow(primary);
  return [primary, replica];
}

async function bootReplicated(scope: Scope, id: number): Promise<ReplicatedServer> {
  const server = await bootServer({
    flags: [
      `--server-id=${id}`,
      '--log-bin=binlog',
      '--event-scheduler=ON',
      // MariaDB always has them.
      '--loose-gtid-mode=ON',
      '--loose-enforce-gtid-consistency=ON',
    ],
  });
  scope.teardown(server.stop);
  const { flavor, url } = server;
  const database = openDatabase(scope, url);
  const run = async (statements: readonly string[]) => {
    for (const statement of statements) await database.query(statement);
  };
  const ask = async (sql: string, parameters: readonly string[] = []) =>
    (await database.query(sql, parameters))[0]?.[0];
  await run([forgetStatements[flavor]]);
  return {
    ...server,
    run,
    ask,
    follow: (source) =>
      run([
        failoverStatements[flavor].protect,
        withSource(failoverStatements[flavor].follow, source.url),
        startStatements[flavor],
      ]),
    catchUp: async (source) => {
      const [position, wait] = positionQueries[flavor];
      const result = await ask(wait, [String(await source.ask(position))]);
      if (Number(result) !== 0) throw new Error('The replica did not catch up in 60 seconds.');
    },
  };
}

/** Replaces the source that the documented statement names. */
function withSource(statement: string, url: string): string {
  const { hostname, port, username, password } = new URL(url);
  return statement
    .replace('10.0.0.2', hostname)
    .replace('3306', port)
    .replace('replication', username)
    .replace('secret', password);
}

import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { bootServer, type Flavor, type ServerName } from '../../test/servers';
import { thisMachine } from '../../test/servers/machine';
import type { Server } from './server';

// The tests' servers are small and lazy. These flags undo that: what is committed is on the disk, as it is by
// default, the logs have the default sizes, and the tables fit into memory, as a DBA would have it.
const flags = [
  '--innodb-flush-log-at-trx-commit=1',
  '--sync-binlog=1',
  '--loose-innodb-log-file-size=96M',
  '--loose-innodb-redo-log-capacity=100M',
  `--innodb-buffer-pool-size=${Math.floor((totalmem() * 0.6) / 2 ** 20)}M`,
];

/** @param machine where a server may come from, and which one will do */
export async function bootMysql(machine = thisMachine()): Promise<Server> {
  const { url, flavor, stop } = await bootServer({ flags, machine });
  const connection = await createConnection(url);
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version, @@pid_file AS pid');
  await connection.end();
  const title = `${flavor === 'mariadb' ? 'MariaDB' : 'MySQL'} ${row?.version}`;
  return { kind: 'mysql', title, flavor, url, pid: await pidIn(String(row?.pid)), stop };
}

const counterparts: Record<Flavor, ServerName> = { mariadb: 'mysql-9.7', mysql: 'mariadb-11.8' };

/** Of MariaDB and MySQL, the one that `first` is not; none where one is asked for by name. */
export async function bootCounterpart(first: Server | undefined): Promise<Server> {
  const machine = thisMachine();
  if (!first?.flavor) throw new Error('there is nothing that it would be the counterpart of');
  if (machine.name) throw new Error(`${machine.name} alone is asked for`);
  return { ...(await bootMysql({ ...machine, name: counterparts[first.flavor] })), kind: 'counterpart' };
}

// A server in a container has its file there.
async function pidIn(file: string): Promise<number | undefined> {
  return readFile(file, 'utf8').then(Number, () => undefined);
}

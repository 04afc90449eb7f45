import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { bootServer } from '../../test/servers';
import type { Server } from './server';

// The tests' servers are small and lazy. These flags undo that: what is committed is on the disk, as it is by
// default, the logs have the default sizes, and the tables fit into memory, as a DBA would have it.
const flags = [
  '--innodb-flush-log-at-trx-commit=1',
  '--sync-binlog=1',
  '--loose-innodb-log-file-size=96M',
  '--loose-innodb-redo-log-capacity=100M',
  `--innodb-buffer-pool-size=${Math.floor((totalmem() * 0.6) / 2 ** 20)}M`,
  '--max-connections=500',
];

export async function bootMysql(): Promise<Server> {
  const { url, flavor, stop } = await bootServer({ flags });
  const connection = await createConnection(url);
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version, @@pid_file AS pid');
  await connection.end();
  const title = `${flavor === 'mariadb' ? 'MariaDB' : 'MySQL'} ${row?.version}`;
  return { kind: 'mysql', title, url, pid: await pidIn(String(row?.pid)), stop };
}

// A server in a container has its file there.
async function pidIn(file: string): Promise<number | undefined> {
  return readFile(file, 'utf8').then(Number, () => undefined);
}

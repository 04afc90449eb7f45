import { spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { createClient } from 'redis';
import { bootServer } from '../test/support/servers';

export type ServerKind = 'mysql' | 'redis';

export interface Server {
  /** Name and version, for the report. */
  readonly title: string;
  /** A DBA's URL without a database. */
  readonly url: string;
  /** Undefined for a server in a container. */
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
}

export type Servers = ReadonlyMap<ServerKind, Server>;

/** Boots a server of each kind. Leaves Redis out if it is not installed. */
export async function bootServers(kinds: readonly ServerKind[]): Promise<Servers> {
  const boot = { mysql: bootMysql, redis: bootRedis };
  const servers = new Map<ServerKind, Server>();
  for (const kind of kinds) {
    const server = await boot[kind]();
    if (server) servers.set(kind, server);
  }
  return servers;
}

/** Restores the defaults that the tests' servers relax: durable commits and the log size. */
async function bootMysql(): Promise<Server> {
  const { url, flavor, stop } = await bootServer({
    flags: [
      '--innodb-flush-log-at-trx-commit=1',
      '--sync-binlog=1',
      '--loose-innodb-log-file-size=96M',
      '--loose-innodb-redo-log-capacity=100M',
      // The tables fit into memory, as on a server that a DBA configured.
      `--innodb-buffer-pool-size=${Math.floor((totalmem() * 0.6) / 2 ** 20)}M`,
    ],
  });
  const connection = await createConnection(url);
  const [[row]] = await connection.query<RowDataPacket[]>(
    'SELECT VERSION() AS version, @@pid_file AS file',
  );
  await connection.end();
  const title = `${flavor === 'mariadb' ? 'MariaDB' : 'MySQL'} ${row?.version}`;
  return { title, url, pid: readPid(row?.file), stop };
}

function readPid(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10);
  } catch {
    return undefined;
  }
}

/**
 * Runs Redis in a temporary directory until descriptor 3 ends, then removes the directory. The
 * descriptor is a pipe from this process, so even a killed benchmark leaves no server behind.
 */
const guard = `
  directory=$(mktemp -d) && cd "$directory" || exit 1
  trap 'rm -rf "$directory"' EXIT
  umask 077
  cat >redis.conf
  redis-server redis.conf >log 2>&1 3<&- &
  server=$!
  { read -r _ <&3; kill -s INT "$server"; } &
  wait "$server" || tail -n 20 log >&2
  kill "$!" 2>/dev/null`;

async function bootRedis(): Promise<Server | undefined> {
  if (spawnSync('redis-server', ['--version']).error) return undefined;
  const password = randomBytes(16).toString('hex');
  const port = randomInt(20_000, 30_000);
  const url = `redis://:${password}@127.0.0.1:${port}`;
  const child = spawn('/bin/sh', ['-c', guard], {
    // Ctrl+C must end this process first.
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
  });
  // A file, because other users can read a command line.
  child.stdin?.end(`requirepass ${password}\nport ${port}\nbind 127.0.0.1\n`);
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.stdio[3]?.destroy();
    await once(child, 'exit');
  };
  for (const deadline = Date.now() + 60_000; ; await sleep(50)) {
    try {
      const { version, pid } = await readRedisInfo(url);
      return { title: `Redis ${version}`, url, pid: Number(pid), stop };
    } catch (error) {
      if (child.exitCode === null && Date.now() < deadline) continue;
      await stop();
      throw error;
    }
  }
}

async function readRedisInfo(url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  await client.on('error', () => undefined).connect();
  const info = await client.info('server');
  client.destroy();
  const read = (key: string) => new RegExp(`^${key}:(\\S+)`, 'm').exec(info)?.[1];
  return { version: read('redis_version'), pid: read('process_id') };
}

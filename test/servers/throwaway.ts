import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Binary } from './binary';
import { serverEnvironment } from './environment';
import { freePort } from './port';
import { waitUntilReady } from './ready';
import { roomFor } from './room';
import type { Server } from './server';
import { supervise } from './supervisor';
import { shape, template } from './template';
import { serverUser, type User } from './user';

export interface ThrowawayOptions {
  readonly flags?: readonly string[];
  /** Seconds after which it is started again on its data, when it has ended; never where left out. */
  readonly restartAfter?: number | undefined;
  /** The administrator's; any where left out. */
  readonly password?: string;
}

/** Boots a server of one's own, which lives in a directory of its own, no longer than this process. */
export async function bootThrowaway(binary: Binary, options: ThrowawayOptions = {}): Promise<Server> {
  const data = await template(binary);
  const user = await serverUser();
  for (let attempt = 1; ; attempt++) {
    try {
      return await boot(binary, data, user, options);
    } catch (error) {
      // Between finding a free port and taking it, another program can come first.
      if (attempt === 5 || !/address already in use|bind on tcp/i.test(String(error))) throw error;
    }
  }
}

async function boot(
  binary: Binary,
  data: string,
  user: User | undefined,
  { flags = [], restartAfter, password = randomBytes(16).toString('hex') }: ThrowawayOptions,
): Promise<Server> {
  const directory = join(await roomFor(user), `kms-${randomBytes(6).toString('hex')}`);
  const port = await freePort();
  const url = `mysql://dba:${password}@127.0.0.1:${port}`;

  const supervisor = supervise({
    script: 'throwaway.sh',
    parameters: [directory, data, ...binary.command, ...serverFlags(binary, directory, port), ...flags],
    // Not a parameter: anyone may read those in the list of processes.
    input: administrator(password),
    env: {
      ...serverEnvironment(),
      ...(restartAfter === undefined ? {} : { RESTART_AFTER: String(restartAfter) }),
    },
    user,
  });
  try {
    await waitUntilReady(url, supervisor.gone);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  supervisor.release();
  const { flavor, client, origin } = binary;
  return { flavor, url, client, origin, stop: supervisor.stop };
}

function serverFlags(binary: Binary, directory: string, port: number): string[] {
  return [
    '--no-defaults',
    ...binary.layout,
    ...shape(binary),
    `--datadir=${directory}/data`,
    `--tmpdir=${directory}`,
    `--socket=${directory}/socket`,
    `--pid-file=${directory}/pid`,
    `--init-file=${directory}/init.sql`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-networking=0',
    '--skip-name-resolve',
    '--performance-schema=OFF',
    // The tests of a file have pools of their own, beside those of the files that run at the same time.
    '--max-connections=500',
    // What is committed outlives a killed server, as with 1, but nobody waits for the disk.
    '--innodb-flush-log-at-trx-commit=2',
    ...(binary.flavor === 'mysql' ? ['--mysqlx=OFF', '--secure-file-priv=NULL', '--sync-binlog=0'] : []),
  ];
}

/** Statements of a line each, as an init file wants them. They leave no account without a password. */
function administrator(password: string): string {
  return [
    `CREATE USER IF NOT EXISTS dba@'%' IDENTIFIED BY '${password}';`,
    "GRANT ALL PRIVILEGES ON *.* TO dba@'%' WITH GRANT OPTION;",
    `ALTER USER root@localhost IDENTIFIED BY '${password}';`,
    '',
  ].join('\n');
}

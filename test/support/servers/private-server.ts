import { createHash, randomBytes } from 'node:crypto';
import { chown, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from './cache';
import { type Server, type ServerProgram, waitUntilReady } from './server';
import { startSupervisor } from './supervisor';
import { freePort, run, serverUser, type User } from './system';

export interface PrivateServerOptions {
  readonly flags?: readonly string[];
  /** Seconds after which a server that ended starts again on its data. By default it does not. */
  readonly restartAfter?: number | undefined;
  /** The DBA's password. The default is a random one. */
  readonly password?: string;
}

/** Boots a server in a new directory. The server and its directory end with this process. */
export async function bootPrivateServer(
  program: ServerProgram,
  options: PrivateServerOptions = {},
): Promise<Server> {
  const template = await dataTemplate(program);
  const user = await serverUser();
  for (let attempt = 1; ; attempt++) {
    try {
      return await boot(program, template, user, options);
    } catch (error) {
      // Another program can bind the free port first.
      if (attempt === 5 || !/address already in use|bind on tcp/i.test(String(error))) throw error;
    }
  }
}

async function boot(
  program: ServerProgram,
  template: string,
  user: User | undefined,
  { flags = [], restartAfter, password = randomBytes(16).toString('hex') }: PrivateServerOptions,
): Promise<Server> {
  const directory = join(await temporaryFolder(user), `kms-${randomBytes(6).toString('hex')}`);
  const port = await freePort();
  const url = `mysql://dba:${password}@127.0.0.1:${port}`;
  const command = [...program.command, ...serverFlags(program, directory, port), ...flags];

  const supervisor = startSupervisor({
    script: 'private-server.sh',
    parameters: [directory, template, ...command],
    // Every user can read parameters in the list of processes.
    input: accountStatements(password),
    env: {
      ...serverEnvironment(),
      ...(restartAfter === undefined ? {} : { RESTART_AFTER: String(restartAfter) }),
    },
    user,
  });
  try {
    await waitUntilReady(url, supervisor.ended);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  supervisor.unref();
  const { flavor, client, origin } = program;
  return { flavor, url, client, origin, stop: supervisor.stop };
}

function serverFlags(program: ServerProgram, directory: string, port: number): string[] {
  return [
    '--no-defaults',
    ...program.layout,
    ...dataFlags(program),
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
    // Several test files run at the same time, and each has connection pools.
    '--max-connections=500',
    // A busy machine can keep a test from answering the handshake for longer than the default.
    '--connect-timeout=300',
    // A commit survives a killed server, as with 1, but does not wait for the disk.
    '--innodb-flush-log-at-trx-commit=2',
    ...(program.flavor === 'mysql'
      ? ['--mysqlx=OFF', '--secure-file-priv=NULL', '--sync-binlog=0']
      : []),
  ];
}

/** The flags that determine the files of a data directory. */
function dataFlags({ flavor }: ServerProgram): string[] {
  return flavor === 'mariadb'
    ? ['--innodb-log-file-size=4M', '--innodb-buffer-pool-size=16M']
    : ['--loose-innodb-redo-log-capacity=8M', '--innodb-buffer-pool-size=16M'];
}

/** Returns an init file: one statement a line. It leaves no account without a password. */
function accountStatements(password: string): string {
  return [
    `CREATE USER IF NOT EXISTS dba@'%' IDENTIFIED BY '${password}';`,
    "GRANT ALL PRIVILEGES ON *.* TO dba@'%' WITH GRANT OPTION;",
    `ALTER USER root@localhost IDENTIFIED BY '${password}';`,
    '',
  ].join('\n');
}

/** Returns a new data directory from the cache: a copy is faster than an initialization. */
async function dataTemplate(program: ServerProgram): Promise<string> {
  const folder = await cached(`${program.flavor}-${templateKey(program)}`, async (unfinished) => {
    const data = join(unfinished, 'data');
    // A server that starts deletes all temporary tables in its folder, so no other may use it.
    const scratch = join(unfinished, 'scratch');
    const user = await serverUser();
    for (const directory of [data, scratch]) {
      await mkdir(directory, { mode: 0o700 });
      if (user) await chown(directory, user.uid, user.gid);
    }
    await run(initializeCommand(program, data, scratch), { user, env: serverEnvironment() });
    await rm(scratch, { recursive: true });
  });
  return join(folder, 'data');
}

function initializeCommand(program: ServerProgram, data: string, scratch: string): string[] {
  const flags = [
    '--no-defaults',
    ...program.layout,
    `--datadir=${data}`,
    `--tmpdir=${scratch}`,
    ...dataFlags(program),
  ];
  return program.flavor === 'mariadb'
    ? [...program.installer, ...flags, '--force', '--skip-test-db', '--auth-root-socket-user=root']
    : [...program.command, ...flags, '--initialize-insecure', '--mysqlx=OFF'];
}

function templateKey(program: ServerProgram): string {
  const { command, installer, version, layout } = program;
  const steps = initializeCommand(program, '', '');
  const recipe = JSON.stringify({ command, installer, version, layout, steps });
  return createHash('sha256').update(recipe).digest('hex').slice(0, 16);
}

/** Omits variables that would change a server, like MYSQL_HOME and MYSQL_TCP_PORT. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TZ } = process.env;
  return { PATH: PATH ?? '/usr/bin:/bin', ...(TZ === undefined ? {} : { TZ }) };
}

// Some systems allow 104 bytes for the path of a socket. This leaves room for the names in it.
const longestFolder = 60;

/** Returns a folder for temporary files which the user can enter and write. */
async function temporaryFolder(user: User | undefined): Promise<string> {
  const folder = tmpdir();
  if (folder.length > longestFolder) return '/tmp';
  return run(['test', '-w', folder, '-a', '-x', folder], { user }).then(
    () => folder,
    () => '/tmp',
  );
}

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, chown, constants, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { assertAdministrator } from './administrator';
import { say } from './output';
import { type GuardedCommand, run, shellText, startGuarded } from './program';

/** A database server for the demo. */
export interface Server {
  /** The URL of an administrator, without a database. */
  readonly url: string;
  /** For example "MariaDB 11.8.2, in Docker". */
  readonly title: string;
  /** Stops and removes a server that the demo started. */
  stop(): Promise<void>;
}

/** The places that can have a server. */
export interface Sources {
  /** The URL of an administrator of a running server. */
  readonly url: string | undefined;
  /** The folders that can have a server program. */
  readonly folders: readonly string[];
  /** The Docker client. */
  readonly docker: string;
}

type Flavor = 'MariaDB' | 'MySQL';

/** The oldest supported version. */
const oldest = { MariaDB: '10.6', MySQL: '8.0' } as const satisfies Record<Flavor, string>;

const composeFile = join(__dirname, '../../docker-compose.mysql.yml');

/**
 * Finds the server of MYSQL_URL, else starts an installed server in a temporary folder, else starts
 * one in Docker.
 *
 * @param signal stops a start that is under way
 * @throws an error that lists the choices if there is no server
 */
export async function findServer(
  signal: AbortSignal,
  sources: Sources = sourcesOf(process.env),
): Promise<Server> {
  if (sources.url) {
    return connectTo(sources.url);
  }
  const failures: string[] = [];
  for (const start of [startInstalled, startInDocker]) {
    try {
      return await start(sources, signal);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(messageOf(error).replaceAll('\n', '\n  '));
    }
  }
  const [installed, docker] = failures;
  throw new Error(`There is no database server here. Do one of these:
- Name a running server: export MYSQL_URL=mysql://root:PASSWORD@127.0.0.1:3306
  MYSQL_URL is not set.
- Install MariaDB ${oldest.MariaDB} or MySQL ${oldest.MySQL}, or a later version:
  sudo apt-get install mariadb-server, or brew install mariadb
  ${installed}
- Install and start Docker with Compose: https://docs.docker.com/get-started/get-docker/
  ${docker}`);
}

/** Returns the sources of this machine. */
export function sourcesOf(env: NodeJS.ProcessEnv): Sources {
  const folders = [
    ...(env.PATH ?? '').split(delimiter).filter(Boolean),
    // Many systems keep servers outside a user's PATH.
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/libexec',
    ...['/opt/homebrew', '/usr/local'].flatMap((homebrew) => [
      `${homebrew}/bin`,
      `${homebrew}/opt/mariadb/bin`,
      `${homebrew}/opt/mysql/bin`,
    ]),
  ];
  return { url: env.MYSQL_URL, folders, docker: 'docker' };
}

/** Uses the server of MYSQL_URL, and never stops it. */
async function connectTo(givenUrl: string): Promise<Server> {
  if (!URL.canParse(givenUrl)) {
    throw new Error('MYSQL_URL is not a URL. Expected: mysql://root:PASSWORD@127.0.0.1:3306');
  }
  const { href: url, host } = Object.assign(new URL(givenUrl), { pathname: '' });
  const version = await versionOf(url).catch((error: unknown) => {
    throw new Error(`MYSQL_URL is set, but connecting to ${host} failed: ${messageOf(error)}`);
  });
  await assertAdministrator(url, 'The demo');
  return { url, title: `${version}, from MYSQL_URL (${host})`, stop: async () => undefined };
}

/** Starts the first installed server that is new enough. */
async function startInstalled({ folders }: Sources, signal: AbortSignal): Promise<Server> {
  const failures: string[] = [];
  for (const program of await findPrograms(['mariadbd', 'mysqld'], folders)) {
    try {
      return await startPrivately(program, folders, signal);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`${program} failed: ${messageOf(error)}`);
    }
  }
  throw new Error(failures.join('\n') || 'No mariadbd or mysqld is in PATH or the usual folders.');
}

/** Starts a server program on a new data directory in a temporary folder. */
async function startPrivately(
  program: string,
  folders: readonly string[],
  signal: AbortSignal,
): Promise<Server> {
  const flavor = await supportedFlavorOf(program);
  const installer = flavor === 'MariaDB' ? await installerOf(program, folders) : undefined;
  say(`Starting ${program} in a temporary folder. This takes some seconds.`);

  // Not os.tmpdir(): the path of a socket has at most 104 bytes on some systems.
  const folder = await mkdtemp('/tmp/knex-mysql-session-demo-');
  const password = randomPassword();
  const accounts = join(folder, 'accounts.sql');
  await writeFile(accounts, createAdministrator(password), { mode: 0o600 });
  // Neither server runs as root. This is the account without privileges on Linux.
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
  if (user) {
    await Promise.all([folder, accounts].map((path) => chown(path, user.uid, user.gid)));
  }

  const common = [
    '--no-defaults',
    `--datadir=${folder}/data`,
    `--tmpdir=${folder}`,
    // The default takes 100 MB.
    '--loose-innodb-log-file-size=8M',
  ];
  const initialize = installer
    ? [installer, ...common, '--force', '--skip-test-db', '--auth-root-socket-user=root']
    : [program, ...common, '--initialize-insecure', '--mysqlx=OFF'];
  const port = await freePort();
  const serve = [
    program,
    ...common,
    `--socket=${folder}/socket`,
    `--pid-file=${folder}/pid`,
    `--init-file=${accounts}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    ...(flavor === 'MySQL' ? ['--mysqlx=OFF', '--secure-file-priv=NULL'] : []),
  ];
  const server = startGuarded({
    command: `${shellText(initialize)} && exec ${shellText(serve)}`,
    cleanup: shellText(['rm', '-rf', folder]),
    // Variables such as MYSQL_HOME would change the server.
    env: { PATH: process.env.PATH },
    user,
  });
  return whenReady(server, signal, async () => ({
    url: `mysql://dba:${password}@127.0.0.1:${port}`,
    origin: `started from ${program}`,
  }));
}

/** `mysqld` can be MariaDB's: only the program itself says what it is. */
async function supportedFlavorOf(program: string): Promise<Flavor> {
  const { stdout } = await run([program, '--no-defaults', '--version']);
  const flavor = flavorOf(stdout);
  const [, series = '0'] = /Ver (\d+\.\d+)/.exec(stdout) ?? [];
  if (series.localeCompare(oldest[flavor], 'en', { numeric: true }) < 0) {
    throw new Error(`it is ${flavor} ${series}; expected ${oldest[flavor]} or later`);
  }
  return flavor;
}

/** MariaDB fills a data directory with a script. It is near the server program or in PATH. */
async function installerOf(program: string, folders: readonly string[]): Promise<string> {
  const home = dirname(dirname(program));
  const near = [dirname(program), join(home, 'bin'), join(home, 'scripts')];
  const [installer] = await findPrograms(['mariadb-install-db'], [...near, ...folders]);
  if (installer === undefined) {
    throw new Error('mariadb-install-db is missing');
  }
  return installer;
}

/** The SQL that the server runs when it starts. No account is left without a password. */
function createAdministrator(password: string): string {
  return `CREATE USER IF NOT EXISTS dba@'%' IDENTIFIED BY '${password}';
GRANT ALL PRIVILEGES ON *.* TO dba@'%' WITH GRANT OPTION;
ALTER USER root@localhost IDENTIFIED BY '${password}';
`;
}

/** Starts the service of docker-compose.mysql.yml. */
async function startInDocker({ docker }: Sources, signal: AbortSignal): Promise<Server> {
  // Docker can hang if its engine does.
  await run([docker, 'info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 });
  await run([docker, 'compose', 'version'], { timeout: 10_000 });
  say('Starting MariaDB in Docker. The first time, Docker downloads the image.');

  const password = randomPassword();
  const project = `knex-mysql-session-demo-${randomBytes(4).toString('hex')}`;
  const compose = [docker, 'compose', '--file', composeFile, '--project-name', project];
  const env = { ...process.env, KNEX_MYSQL_SESSION_PASSWORD: password };
  const server = startGuarded({
    command: `exec ${shellText([...compose, 'up', 'mariadb'])}`,
    cleanup: shellText([...compose, 'down', '--volumes', '--timeout', '0']),
    env,
  });
  return whenReady(server, signal, async () => {
    const { stdout } = await run([...compose, 'port', 'mariadb', '3306'], { env });
    const address = stdout.trim();
    if (address === '') {
      throw new Error('The service has no port yet.');
    }
    return { url: `mysql://root:${password}@${address}`, origin: 'in Docker' };
  });
}

/** Waits until the server accepts the administrator. Stops the server if it does not. */
async function whenReady(
  server: GuardedCommand,
  signal: AbortSignal,
  locate: () => Promise<{ url: string; origin: string }>,
): Promise<Server> {
  try {
    // Without a limit: Docker may have to download the image.
    const { url, origin } = await retry(locate, server, signal);
    const version = await retry(() => versionOf(url), server, signal, 120_000);
    return { url, title: `${version}, ${origin}`, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Repeats an action that fails, as long as the server runs. */
async function retry<Result>(
  action: () => Promise<Result>,
  server: GuardedCommand,
  signal: AbortSignal,
  milliseconds = Number.POSITIVE_INFINITY,
): Promise<Result> {
  const end = Date.now() + milliseconds;
  for (;;) {
    try {
      return await Promise.race([action(), server.ended]);
    } catch (error) {
      signal.throwIfAborted();
      if (server.hasEnded()) return server.ended;
      if (Date.now() > end) throw error;
    }
    await sleep(100);
  }
}

/** Connects, and returns for example "MariaDB 11.8.2". */
async function versionOf(url: string): Promise<string> {
  const connection = await createConnection({ uri: url, connectTimeout: 5_000 });
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
    const version = String(rows[0]?.version);
    return `${flavorOf(version)} ${version.replace(/-.*/, '')}`;
  } finally {
    await connection.end();
  }
}

function flavorOf(version: string): Flavor {
  return /mariadb/i.test(version) ? 'MariaDB' : 'MySQL';
}

/** Finds executables by name. Links to the same file count once. */
async function findPrograms(
  names: readonly string[],
  folders: readonly string[],
): Promise<Set<string>> {
  const programs = new Set<string>();
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    const isExecutable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isExecutable) {
      programs.add(await realpath(path));
    }
  }
  return programs;
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

function randomPassword(): string {
  return randomBytes(16).toString('hex');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

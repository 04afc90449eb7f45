import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { assertAdministrator } from '../../../examples/demo/administrator';
import { unpackMariadb, unpackRelease } from './debian';
import { bootInDocker } from './docker';
import { findClient, findServerPrograms, inspectServer, programFolders } from './installed';
import { bootPrivateServer } from './private-server';
import {
  type Flavor,
  flavorOf,
  parseServerName,
  releaseOf,
  type Server,
  type ServerName,
  type ServerProgram,
  type ServerRelease,
  seriesOf,
  titleOf,
} from './server';

export {
  type Flavor,
  formatServers,
  parseServerName,
  provenServers,
  type Server,
  type ServerName,
  serverNames,
} from './server';

/** What this machine has to get a server from, and the server that the caller wants. */
export interface Machine {
  /** The URL of a DBA's account on a running server. */
  readonly url: string | undefined;
  /** The only server to accept. `undefined` accepts every server. */
  readonly name: ServerName | undefined;
  /** The folders to search for installed programs. */
  readonly folders: readonly string[];
  /** The command of the Docker client. */
  readonly docker: string;
  /** The command of apt-get. */
  readonly aptGet: string;
}

export function thisMachine(env: NodeJS.ProcessEnv = process.env): Machine {
  return {
    url: env.MYSQL_URL,
    // test/run.ts sets this for a named server, so tests that boot one get the same.
    name: env.TEST_SERVER ? parseServerName(env.TEST_SERVER) : undefined,
    folders: programFolders(env),
    docker: 'docker',
    aptGet: 'apt-get',
  };
}

interface BootOptions {
  readonly flags: readonly string[];
  readonly restartAfter?: number | undefined;
}

/** Uses the server of MYSQL_URL. Without MYSQL_URL, boots one. */
export async function findServer({
  flags = [],
  machine = thisMachine(),
}: Pick<BootRequest, 'flags' | 'machine'> = {}): Promise<Server> {
  return machine.url ? useServer(machine.url, machine.folders) : boot(machine, { flags });
}

/** Boots a named server, even if MYSQL_URL is set. */
export async function bootNamed(
  name: ServerName,
  { flags = [], machine = thisMachine() }: Pick<BootRequest, 'flags' | 'machine'> = {},
): Promise<Server> {
  return boot({ ...machine, name }, { flags });
}

interface BootRequest {
  /** Flags for a server that is booted. */
  readonly flags?: readonly string[];
  /** Seconds after which a server that ended starts again on its data. By default it does not. */
  readonly restartAfter?: number | undefined;
  readonly machine?: Machine;
}

/**
 * Boots another server: for tests that need flags, or would disturb tests on the same server. In a
 * run on a named server it has the same name.
 */
export async function bootServer({
  flags = [],
  restartAfter,
  machine = thisMachine(),
}: BootRequest = {}): Promise<Server> {
  return boot(machine, { flags, restartAfter });
}

/** Connects to a server that runs already. `stop` does not end it. */
async function useServer(text: string, folders: readonly string[]): Promise<Server> {
  if (!URL.canParse(text)) {
    throw new Error('MYSQL_URL is not a URL like mysql://user:password@host:3306.');
  }
  const url = new URL(text);
  url.pathname = '';
  const flavor = await askFlavor(url).catch((cause: Error) => {
    const problem = `MYSQL_URL is set, but no server answers at ${url.host}: ${cause.message}`;
    throw new Error(problem, { cause });
  });
  await assertAdministrator(url.href, 'The suite');
  return {
    flavor,
    url: url.href,
    client: await findClient(flavor, folders),
    origin: `MYSQL_URL, ${url.host}`,
    stop: async () => undefined,
  };
}

async function askFlavor({ href }: URL): Promise<Flavor> {
  const connection = await createConnection(href);
  const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  await connection.end();
  return flavorOf(String(rows[0]?.version));
}

/** A source of servers that this process can boot. */
interface ServerSource {
  /** What a developer does to use this source. */
  advice(release: ServerRelease | undefined): string;
  boot(machine: Machine, release: ServerRelease | undefined, options: BootOptions): Promise<Server>;
}

const sources: readonly ServerSource[] = [
  {
    advice: (release) => `install ${release ? titleOf(release) : 'MariaDB or MySQL'}`,
    boot: async ({ folders }, release, options) => {
      const reasons: string[] = [];
      for (const path of await findServerPrograms(folders)) {
        try {
          const program = await inspectServer(path, folders);
          if (release) assertRelease(program, release);
          return await bootPrivateServer(program, options);
        } catch (error) {
          reasons.push(messageOf(error));
        }
      }
      throw new Error(reasons.join('\n') || 'no mariadbd or mysqld in PATH or the usual folders');
    },
  },
  {
    advice: () => 'start Docker',
    boot: async ({ docker }, release, { flags, restartAfter }) => {
      if (restartAfter !== undefined) throw new Error('a container does not start again');
      return bootInDocker(docker, release, flags);
    },
  },
  {
    advice: (release) =>
      `on Debian${release ? '' : ' and its derivatives'}, let apt-get reach its mirrors`,
    boot: async ({ aptGet }, release, options) =>
      bootPrivateServer(
        await (release ? unpackRelease(aptGet, release) : unpackMariadb(aptGet)),
        options,
      ),
  },
];

/** Boots a server from the first source that has one. An error lists all sources with reasons. */
async function boot(machine: Machine, options: BootOptions): Promise<Server> {
  const release = machine.name && releaseOf(machine.name);
  const choices: string[] = [];
  if (!release) {
    const reason = machine.url ? 'this test needs another server' : 'it is not set';
    choices.push(`- set MYSQL_URL to the URL of a DBA's account: ${reason}`);
  }
  for (const source of sources) {
    try {
      return await source.boot(machine, release, options);
    } catch (error) {
      choices.push(`- ${source.advice(release)}: ${messageOf(error)}`);
    }
  }
  const missing = release ? titleOf(release) : 'database server';
  throw new Error(`Found no ${missing}. Do one of these:\n${choices.join('\n')}`);
}

function assertRelease({ command, flavor, version }: ServerProgram, release: ServerRelease): void {
  if (flavor !== release.flavor || seriesOf(version) !== release.series) {
    throw new Error(`${command.join(' ')} is another release: ${version}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

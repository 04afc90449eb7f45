import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';

export type Flavor = 'mariadb' | 'mysql';

/** A database server that the caller may change in any way. */
export interface Server {
  readonly flavor: Flavor;
  /** The URL of a DBA's account, without a database. */
  readonly url: string;
  /** The command of the flavor's client, without arguments. `undefined` if there is no client. */
  readonly client: readonly string[] | undefined;
  /** Where the server comes from, as a phrase for messages. */
  readonly origin: string;
  /** Resolves when nothing of the server is left. Keeps a server that the caller did not boot. */
  stop(): Promise<void>;
}

/** A server program on this machine, and how to run it. */
export interface ServerProgram {
  readonly flavor: Flavor;
  /** The output of `--version`. */
  readonly version: string;
  /** The command before the server's flags. It can start with a loader, or `env` and variables. */
  readonly command: readonly string[];
  /** The command that fills a data directory. Empty if the server does it. */
  readonly installer: readonly string[];
  /** The command of the flavor's client, if this machine has one. */
  readonly client: readonly string[] | undefined;
  /** The flags by which a server finds its files outside their usual folders. */
  readonly layout: readonly string[];
  /** Where the program comes from, as a phrase for messages. */
  readonly origin: string;
}

/** A release series of a server, from any source. */
export interface ServerRelease {
  readonly flavor: Flavor;
  /** The series, as in the version and in the tag of the Docker image. */
  readonly series: string;
  /** The suite of Debian that has this series, if one has it. */
  readonly suite?: string;
}

/** The servers that a run can name. */
const releases = {
  'mariadb-10.6': { flavor: 'mariadb', series: '10.6' },
  'mariadb-10.11': { flavor: 'mariadb', series: '10.11', suite: 'bookworm' },
  'mariadb-11.4': { flavor: 'mariadb', series: '11.4' },
  'mariadb-11.8': { flavor: 'mariadb', series: '11.8', suite: 'trixie' },
  'mysql-8.0': { flavor: 'mysql', series: '8.0' },
  'mysql-8.4': { flavor: 'mysql', series: '8.4' },
  'mysql-9.7': { flavor: 'mysql', series: '9.7', suite: 'sid' },
} as const satisfies Record<string, ServerRelease>;

export type ServerName = keyof typeof releases;

export const serverNames = Object.keys(releases) as ServerName[];

/** The servers of a full run: each can be had on Debian without Docker. */
export const provenServers = serverNames.filter((name) => 'suite' in releases[name]);

/** Returns the table of docs/servers.md. */
export function formatServers(): string {
  const rows = serverNames.map((name) => {
    const release: ServerRelease = releases[name];
    const source = release.suite ? `, Debian ${release.suite}` : '';
    const proof = release.suite ? 'the whole suite' : 'not run';
    return `| \`${name}\` | installed, Docker${source} | ${proof} |`;
  });
  return ['| `--server` | where it comes from | what is proven |', '|---|---|---|', ...rows].join(
    '\n',
  );
}

export function releaseOf(name: ServerName): ServerRelease {
  return releases[name];
}

/** Checks a name from the command line or the environment. */
export function parseServerName(text: string): ServerName {
  const name = serverNames.find((known) => known === text);
  if (!name) {
    throw new Error(`Unknown server '${text}'. Use one of ${serverNames.join(', ')}.`);
  }
  return name;
}

/** Returns a title for messages, like `MySQL 9.7`. */
export function titleOf({ flavor, series }: Pick<ServerRelease, 'flavor' | 'series'>): string {
  return `${flavor === 'mysql' ? 'MySQL' : 'MariaDB'} ${series}`;
}

/** Reads the flavor from a version. Only MariaDB has its name there. */
export function flavorOf(version: string): Flavor {
  return /mariadb/i.test(version) ? 'mariadb' : 'mysql';
}

/** Reads the release series, like 10.11, from the output of `--version`. */
export function seriesOf(version: string): string {
  return /Ver (\d+\.\d+)/.exec(version)?.[1] ?? '0';
}

/**
 * Waits until a server accepts connections, for 60 seconds at most.
 *
 * @param ended resolves with the server's output when it ends, which is then the error
 */
export async function waitUntilReady(url: string, ended: Promise<string>): Promise<void> {
  let failure: Error | undefined;
  ended.then(
    (output) => {
      failure = new Error(`The server ended while it started: ${output.trim()}`);
    },
    (error: Error) => {
      failure = error;
    },
  );
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      const connection = await createConnection({ uri: url, connectTimeout: 5_000 });
      return await connection.end();
    } catch (error) {
      if (failure) throw failure;
      if (Date.now() > deadline) throw error;
    }
    await sleep(20);
  }
}

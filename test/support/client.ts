import { execFile, spawnSync } from 'node:child_process';

/** The client of the server, which test/run.ts names. Else the first one that is installed. */
export const clientCommand: readonly string[] = process.env.TEST_CLIENT
  ? JSON.parse(process.env.TEST_CLIENT)
  : ['mariadb', 'mysql']
      .filter((program) => spawnSync(program, ['--version']).status === 0)
      .slice(0, 1);

export const hasClient = clientCommand.length > 0;

/**
 * The clients that can log in to the server: its own, and the one of MariaDB. The client of MySQL 9
 * lacks the plugin for the accounts of MariaDB.
 */
export const clients: ReadonlyArray<readonly string[]> = [
  ...(hasClient ? [clientCommand] : []),
  ...(isMariadb(clientCommand) || !isMariadb(['mariadb']) ? [] : [['mariadb']]),
];

function isMariadb([program, ...first]: readonly string[]): boolean {
  if (program === undefined) return false;
  const { stdout } = spawnSync(program, [...first, '--version'], { encoding: 'utf8' });
  return /MariaDB/.test(stdout ?? '');
}

/** Runs a script in a client, as a DBA does. Returns what the client printed. */
export function runInClient(
  url: string,
  script: string,
  {
    client = clientCommand,
    flags = [],
  }: Partial<Record<'client' | 'flags', readonly string[]>> = {},
): Promise<string> {
  const { hostname, port, username, password } = new URL(url);
  const settings = [
    `--host=${hostname}`,
    `--port=${port || 3306}`,
    `--user=${decodeURIComponent(username)}`,
    ...flags,
  ];
  const [program = '', ...first] = client;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...first, '--no-defaults', '--protocol=tcp', ...settings],
      { env: { ...process.env, MYSQL_PWD: decodeURIComponent(password) } },
      (error, stdout, stderr) => (error ? reject(new Error(stderr)) : resolve(stdout)),
    );
    child.stdin?.end(script);
  });
}

/** Splits a script into statements, as the client does. A script may change the delimiter. */
export function splitScript(script: string): string[] {
  const statements: string[] = [];
  let delimiter = ';';
  let statement = '';
  for (const line of script.split('\n')) {
    const change = /^DELIMITER (\S+)$/.exec(line)?.[1];
    if (change) {
      delimiter = change;
    } else if (!line.startsWith('-- ')) {
      statement += `${line}\n`;
    }
    if (statement.trimEnd().endsWith(delimiter)) {
      statements.push(statement.trimEnd().slice(0, -delimiter.length));
      statement = '';
    }
  }
  return statements;
}

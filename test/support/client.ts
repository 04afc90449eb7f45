import { execFile, spawnSync } from 'node:child_process';

/** The client of the server, which test/run.ts names. Else the first one that is installed. */
export const clientCommand: readonly string[] = process.env.TEST_CLIENT
  ? JSON.parse(process.env.TEST_CLIENT)
  : ['mariadb', 'mysql']
      .filter((program) => spawnSync(program, ['--version']).status === 0)
      .slice(0, 1);

export const hasClient = clientCommand.length > 0;

/** Runs a script in the client, as a DBA does. */
export function runInClient(url: string, script: string): Promise<void> {
  const { hostname, port, username, password } = new URL(url);
  const settings = [
    `--host=${hostname}`,
    `--port=${port || 3306}`,
    `--user=${decodeURIComponent(username)}`,
  ];
  const [program = '', ...first] = clientCommand;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...first, '--no-defaults', '--protocol=tcp', ...settings],
      { env: { ...process.env, MYSQL_PWD: decodeURIComponent(password) } },
      (error, _, stderr) => (error ? reject(new Error(stderr)) : resolve()),
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

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bin } from 'knex-mysql-session/package.json';
import { command } from './output';

/**
 * Shows and runs the DBA's command, as `npx` would, on the database that the URL names. Gives what it printed.
 */
export async function runCommand(url: string, ...parameters: readonly string[]): Promise<string> {
  command('$', ['knex-mysql-session', ...parameters.map(quoted)].join(' '));
  const program = join(__dirname, '../..', bin['knex-mysql-session']);
  const child = spawn(process.execPath, [program, ...parameters], {
    env: { ...process.env, MYSQL_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`knex-mysql-session ${parameters[0]} ended with ${code}:\n${output}`);
  }
  return output;
}

// As a shell takes it.
function quoted(parameter: string): string {
  return /^[\w@.=-]+$/.test(parameter) ? parameter : `'${parameter}'`;
}

import { install, rollback } from '../../../src/install';
import { runCli } from '../../cli/run-cli';
import type { Installer } from './documented-installer';

/** A command that failed, and what it printed. */
export interface CommandFailure {
  readonly command: string;
  readonly output: string;
}

export interface CommandResults {
  /** The names of the commands that ran, in order. */
  readonly commands: readonly string[];
  readonly failures: readonly CommandFailure[];
}

/** What an account runs: everything, or only what needs no further privilege. */
export interface Extent {
  readonly further: boolean;
  readonly definer?: 'current';
}

const attribute = ['user_id', '--path', '$.user.id', '--type', 'INT'];

/**
 * Runs every command of an installer as its account, from the first plan to the last rollback. Each
 * prints its SQL first, if it can.
 */
export async function runEveryCommand(
  { name, url, query, account }: Installer,
  { further, definer }: Extent,
): Promise<CommandResults> {
  const app = `'${name}.app'@'%'`;
  const failures: CommandFailure[] = [];
  const commands = new Set<string>();
  const run = async (...command: string[]) => {
    commands.add(command[0] ?? '');
    const { code, stdout, stderr } = await runCli([...command, '--url', account.url]);
    if (code !== 0) failures.push({ command: command.join(' '), output: stdout + stderr });
  };
  const runPlanned = async (...command: string[]) => {
    await run(...command, '--plan');
    await run(...command);
  };
  const choice = definer === undefined ? [] : ['--definer', definer];
  await query(`CREATE USER ${app} IDENTIFIED BY 'aA1!for-the-test'`);
  await query(
    'CREATE TABLE old_sessions (sid VARCHAR(255) PRIMARY KEY, sess JSON NOT NULL, expired DATETIME NOT NULL)',
  );
  await query("INSERT INTO old_sessions VALUES ('a', '{}', UTC_TIMESTAMP() + INTERVAL 1 HOUR)");

  await run('plan');
  await run('migrate', ...choice, ...(further ? ['--event'] : []));
  await run('status');
  await runPlanned('grant', app);
  await query('ALTER PROCEDURE sess_set SQL SECURITY INVOKER').catch(() => undefined);
  await run('migrate');
  if (further) {
    await query('ALTER TABLE sessions DROP INDEX sessions_expired_idx').catch(() => undefined);
    await run('migrate');
    await runPlanned('attribute', 'add', ...attribute);
    await runPlanned('grant', app, '--role', 'find_user_id');
    await runPlanned('attribute', 'drop', 'user_id');
    await run('migrate', '--no-event');
  }
  await run('adopt', 'old_sessions', '--dry-run');
  await run('adopt', 'old_sessions');
  await run('gc');
  await run('verify');
  await run('doctor');
  await runPlanned('revoke', app);
  await run('rollback', '--to', '0', '--plan');
  await run('rollback', '--to', '0', '--yes');

  await install({ connection: url, definer });
  // It can work on what another account installed.
  await run('grant', app);
  await rollback({ connection: url }, 0);
  return { commands: [...commands], failures };
}

#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerCommands } from './commands';
import { exitCodeOf, redact, reportError } from './support/errors';
import { ignoreClosedPipes, style } from './support/output';
import { refuseTypedPassword } from './support/prompt';

const examples = `
Examples:
  $ knex-mysql-session plan --database shop > install.sql
  $ knex-mysql-session migrate --url mysql://dba@db.example/shop -p
  $ knex-mysql-session grant shop@'10.0.%' --url mysql://dba@db.example/shop -p`;

const environmentAndExitCodes = `
Environment:
  MYSQL_URL  used if --url is not given
  MYSQL_PWD  password, used if the URL has none
  NO_COLOR   turns colors off

Exit codes:
  0    success
  1    failure
  2    wrong usage
  3    pending steps (status) or findings (doctor)
  130  interrupted at a prompt`;

function createProgram(): Command {
  const program = new Command('knex-mysql-session')
    .description(
      'Installs, upgrades and checks the session table and routines of knex-mysql-session, and ' +
        'manages the sessions in it.',
    )
    .version(readVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(redact(text)) })
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ subcommandTerm, styleTitle: (title) => style('bold', title) })
    .addHelpText('after', examples)
    .addHelpText('afterAll', environmentAndExitCodes);
  registerCommands(program);
  return program;
}

// Leaves out [options], which every command has, to keep the line for the summary.
function subcommandTerm(command: Command): string {
  return [
    command.name(),
    ...command.registeredArguments.map((argument) =>
      argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    ),
  ].join(' ');
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  return String(Object(manifest).version);
}

/** Ends by the signal itself after a message. The calling shell sees the signal. */
function endOnInterrupt(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // A progress bar restores the terminal on the signal too, after this listener.
      setImmediate(() => {
        process.stderr.write(
          '\nInterrupted. Completed steps are kept. Run the command again to continue.\n',
        );
        process.kill(process.pid, signal);
      });
    });
  }
}

async function main(argv: readonly string[]): Promise<void> {
  const program = createProgram();
  let running = program;
  program.hook('preAction', (_, command) => {
    running = command;
  });
  try {
    refuseTypedPassword(argv);
    await program.parseAsync(argv);
  } catch (error) {
    reportError(error, running);
    process.exitCode = exitCodeOf(error);
  }
}

ignoreClosedPipes();
endOnInterrupt();
void main(process.argv);

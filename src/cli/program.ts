import { Command } from 'commander';
import { packageVersion } from '../install/package-version';
import { registerCommands } from './commands';
import { exitCodeOf, redact, reportError } from './support/errors';
import { style } from './support/output';
import { type ProcessContext, processContext, runInContext } from './support/process-context';
import { refuseTypedPassword } from './support/prompt';

const examples = `
Examples:
  $ knex-mysql-session plan --database shop > install.sql
  $ knex-mysql-session migrate --url mysql://dba@db.example/shop -p
  $ knex-mysql-session grant shop@'10.0.%' --url mysql://dba@db.example/shop -p`;

const environmentAndExitCodes = `
Environment:
  MYSQL_URL           URL of the database, used without --url and --defaults-…
  DATABASE_URL        used if MYSQL_URL is not set, and this is a MySQL or
                      MariaDB URL; without both, ~/.my.cnf is read
  MYSQL_PWD           password, used if the URL or option file has none
  MYSQL_GROUP_SUFFIX  used if --defaults-group-suffix is not given
  NO_COLOR            turns colors off

Exit codes:
  0    success
  1    failure, or no live session has the id (show, end)
  2    wrong usage
  3    pending steps (status) or findings (doctor)
       With --databases: 1 if a database failed, else 3 if one has pending
       steps or findings
  130  interrupted at a prompt`;

function createProgram(): Command {
  const program = new Command('knex-mysql-session')
    .description(
      'Installs, upgrades and checks the session table and routines of knex-mysql-session, and ' +
        'manages the sessions in it.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => processContext().stdout.write(text),
      writeErr: (text) => processContext().stderr.write(text),
      outputError: (text, write) => write(redact(text)),
    })
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

/** Runs a command line without the program's name. Prints an error and sets the exit code. */
export function runProgram(parameters: readonly string[], context: ProcessContext): Promise<void> {
  return runInContext(context, async () => {
    const program = createProgram();
    let running = program;
    program.hook('preAction', (_, command) => {
      running = command;
    });
    try {
      refuseTypedPassword(parameters);
      await program.parseAsync(parameters, { from: 'user' });
    } catch (error) {
      reportError(error, running);
      context.exitCode = exitCodeOf(error);
    }
  });
}

#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addAdopt } from './adopt';
import { addAttribute } from './attribute';
import { addDoctor } from './doctor';
import { addEnd } from './end';
import { exitCodeOf } from './exit-code';
import { addGc } from './gc';
import { addGrant } from './grant';
import { addList } from './list';
import { addMigrate } from './migrate';
import { styled } from './output';
import { refuseTypedPassword } from './password';
import { addPlan } from './plan';
import { redact } from './redact';
import { reportError } from './report-error';
import { addRollback } from './rollback';
import { addShow } from './show';
import { endOnInterrupt, ignoreClosedPipes } from './signals';
import { addStats } from './stats';
import { addStatus } from './status';

const examples = `
Examples:
  $ knex-mysql-session plan --database shop > install.sql
  $ knex-mysql-session migrate --url mysql://dba@db.example/shop -p
  $ knex-mysql-session grant shop@'10.0.%' --url mysql://dba@db.example/shop -p`;

const environmentAndExitCodes = `
Environment:
  MYSQL_URL  the URL, where --url is not given
  MYSQL_PWD  the password, where the URL holds none
  NO_COLOR   when set, no colours

Exit codes:
  0  done               2  wrong usage
  1  failed             3  something is to do (status) or wrong (doctor)`;

const commands = [
  ...[addPlan, addMigrate, addStatus, addDoctor, addRollback, addGrant, addAttribute, addAdopt],
  ...[addGc, addList, addShow, addEnd, addStats],
];

function createProgram(): Command {
  const program = new Command('knex-mysql-session')
    .description('Installs, upgrades and looks after the session tables and routines of knex-mysql-session.')
    .version(version(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(redact(text)) })
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ subcommandTerm, styleTitle: (title) => styled('bold', title) })
    .addHelpText('after', examples)
    .addHelpText('afterAll', environmentAndExitCodes);
  for (const add of commands) {
    add(program);
  }
  return program;
}

// Every command takes options: saying so would leave less of the line for what it does.
function subcommandTerm(command: Command): string {
  return [
    command.name(),
    ...command.registeredArguments.map((argument) =>
      argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    ),
  ].join(' ');
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  return String(Object(manifest).version);
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

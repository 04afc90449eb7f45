import type { Command } from 'commander';
import { type EventStatus, type Naming, type Status, type StepStatus, status } from '../install';
import { type ConnectionFlags, connected } from './connection';
import { exitCodes } from './exit-code';
import { type OutputFlags, withConnection, withExamples, withJson, withNaming } from './options';
import { count, print, printJson, styled, table } from './output';
import { timeOf } from './times';

export function addStatus(program: Command): void {
  const command = program
    .command('status')
    .summary('show what is installed and what is to do')
    .description('Shows what is installed, who was granted what, and what is to do. Changes nothing.');
  withExamples(withJson(withNaming(withConnection(command))), [
    'knex-mysql-session status --url mysql://dba@db.example/shop',
    'knex-mysql-session status --json | jq .upToDate',
  ]).action(async (flags: ConnectionFlags & Naming & OutputFlags) => {
    const found = await connected(flags, (connection) => status({ ...flags, connection }));
    if (flags.json) {
      printJson(found);
    } else {
      print(report(found));
    }
    process.exitCode = found.upToDate ? exitCodes.done : exitCodes.findings;
  });
}

function report(found: Status): string {
  return [
    table([
      ['Database', found.database],
      ['Table', found.table],
      ['Routines', `${found.prefix}*`],
      ['Run as', found.definer],
    ]),
    table(found.steps.map(stepRow), ['Step', 'State', 'Applied (UTC)']),
    found.grants.length === 0
      ? 'No account has a role yet: knex-mysql-session grant ACCOUNT gives one.'
      : table(
          [...found.grants]
            .sort((a, b) => a.role.localeCompare(b.role))
            .map(({ role, account }) => [role, account]),
          ['Role', 'Account'],
        ),
    ...(found.attributes.length === 0
      ? []
      : [
          table(
            found.attributes.map(({ name, path, type }) => [name, path, type]),
            ['Attribute', 'Path', 'Type'],
          ),
        ]),
    ...(found.event ? [cleanup(found.event)] : []),
    conclusion(found),
  ].join('\n\n');
}

function stepRow({ name, state, appliedAt }: StepStatus): string[] {
  return [name, styled(state === 'applied' ? 'green' : 'yellow', state), appliedAt ? timeOf(appliedAt) : ''];
}

function cleanup({ name, every, trouble, lastExecuted }: EventStatus): string {
  const state = trouble === null ? styled('green', 'running') : styled('yellow', 'not running');
  const rows = [
    ['Cleanup', `event ${name}, every ${count(every, 'second')}`],
    ['', state],
    ['Last run (UTC)', lastExecuted ? timeOf(lastExecuted) : 'never'],
  ];
  return trouble === null ? table(rows) : `${table(rows)}\n${trouble}.`;
}

function conclusion({ upToDate, steps }: Status): string {
  const open = steps.filter(({ state }) => state !== 'applied').length;
  return upToDate
    ? styled('green', 'Up to date.')
    : styled('yellow', `${count(open, 'step')} to do: run knex-mysql-session migrate.`);
}

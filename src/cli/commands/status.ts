import type { Command } from 'commander';
import { type EventStatus, type Status, type StepStatus, status } from '../../install';
import { formatCommand } from '../../install/command';
import {
  addDatabasesOption,
  addExamples,
  addInstallOptions,
  type DatabasesFlags,
  type InstallFlags,
} from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { runInDatabases } from '../support/each-database';
import { exitCodes } from '../support/errors';
import { formatTable, formatTime, pluralize, printResult, style } from '../support/output';

type StatusFlags = InstallFlags & DatabasesFlags;

export function registerStatus(program: Command): void {
  const command = program
    .command('status')
    .summary('show what is installed and what is pending')
    .description(
      'Shows the steps, roles, attributes and cleanup event of the installation. Changes ' +
        'nothing. Exit code 3 means that steps are pending.',
    );
  addExamples(addDatabasesOption(addInstallOptions(command)), [
    'knex-mysql-session status --url mysql://dba@db.example/shop',
    'knex-mysql-session status --json | jq .upToDate',
    "knex-mysql-session status --databases 'shop_%' --url mysql://dba@db.example",
  ]).action((flags: StatusFlags) =>
    runInDatabases(flags, {
      run: (target) => withInstallOptions(flags, status, target),
      print: (found) => printResult(flags, found, () => formatStatus(found, flags)),
      summarize: summarizePending,
      exitCodeOf: ({ upToDate }) => (upToDate ? exitCodes.done : exitCodes.findings),
    }),
  );
}

function formatStatus(found: Status, flags: InstallFlags): string {
  return [
    formatTable([
      ['Database', found.database],
      ['Table', found.table],
      ['Routines', `${found.prefix}*`],
      ['Definer', found.definer],
    ]),
    formatTable(found.steps.map(stepRow), ['Step', 'State', 'Applied (UTC)']),
    ...formatDifferences(found.steps),
    formatGrants(found, flags),
    ...(found.attributes.length === 0 ? [] : [formatAttributes(found)]),
    ...(found.event ? [formatEvent(found.event)] : []),
    formatConclusion(found, flags),
  ].join('\n\n');
}

function stepRow({ name, state, appliedAt }: StepStatus): string[] {
  return [
    name,
    style(state === 'applied' ? 'green' : 'yellow', state),
    appliedAt ? formatTime(appliedAt).slice(0, 16) : '',
  ];
}

function formatDifferences(steps: readonly StepStatus[]): string[] {
  const changed = steps.filter(({ differences }) => differences.length > 0);
  // A long sql_mode has no blanks where a line could end.
  const toLines = (differences: readonly string[]) => differences.join('\n').replace(/,\b/g, ', ');
  const rows = changed.map(({ name, differences }) => [name, toLines(differences)]);
  return rows.length === 0 ? [] : [formatTable(rows, ['Step', 'Difference'])];
}

function formatGrants({ grants }: Status, flags: InstallFlags): string {
  if (grants.length === 0) {
    return `No account has a role. Grant one: ${formatCommand('grant ACCOUNT', flags)}`;
  }
  const rows = grants.map(({ role, account }) => [role, account]);
  return formatTable(
    rows.sort(([a = ''], [b = '']) => a.localeCompare(b)),
    ['Role', 'Account'],
  );
}

function formatAttributes({ attributes }: Status): string {
  return formatTable(
    attributes.map(({ name, path, type }) => [name, path, type]),
    ['Attribute', 'Path', 'Type'],
  );
}

function formatEvent(event: EventStatus): string {
  const { name, every, problem, remedy, lastExecuted } = event;
  const table = formatTable([
    ['Cleanup event', name],
    ['Interval', pluralize(every, 'second')],
    ['State', problem === null ? style('green', 'running') : style('yellow', 'not running')],
    ['Last run (UTC)', lastExecuted ? formatTime(lastExecuted) : 'never'],
  ]);
  return problem === null ? table : [table, `${problem}.`, ...remedy].join('\n');
}

function formatConclusion(found: Status, flags: InstallFlags): string {
  return found.upToDate
    ? style('green', 'Up to date.')
    : style('yellow', `${countPending(found)}. Run: ${formatCommand('migrate', flags)}`);
}

function summarizePending(found: Status): string {
  return found.upToDate ? style('green', 'up to date') : style('yellow', countPending(found));
}

function countPending({ steps }: Status): string {
  return pluralize(steps.filter(({ state }) => state !== 'applied').length, 'pending step');
}

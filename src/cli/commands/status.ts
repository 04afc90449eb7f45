import type { Command } from 'commander';
import { type EventStatus, type Status, type StepStatus, status } from '../../install';
import { formatCommand } from '../../install/command';
import { addExamples, addInstallOptions, type InstallFlags } from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { exitCodes } from '../support/errors';
import { formatTable, formatTime, pluralize, printResult, style } from '../support/output';
import { processContext } from '../support/process-context';

export function registerStatus(program: Command): void {
  const command = program
    .command('status')
    .summary('show what is installed and what is pending')
    .description(
      'Shows the steps, roles, attributes and cleanup event of the installation. Changes ' +
        'nothing. Exit code 3 means that steps are pending.',
    );
  addExamples(addInstallOptions(command), [
    'knex-mysql-session status --url mysql://dba@db.example/shop',
    'knex-mysql-session status --json | jq .upToDate',
  ]).action(async (flags: InstallFlags) => {
    const found = await withInstallOptions(flags, status);
    printResult(flags, found, () => formatStatus(found, flags));
    processContext().exitCode = found.upToDate ? exitCodes.done : exitCodes.findings;
  });
}

function formatStatus(found: Status, flags: InstallFlags): string {
  return [
    formatTable([
      ['Database', found.database],
      ['Table', found.table],
      ['Routines', `${found.prefix}*`],
      ['Definer', found.definer],
    ]),
    formatTable(found.steps.map(stepRow), ['Step', 'State', 'Applied (UTC)', 'Difference']),
    formatGrants(found, flags),
    ...(found.attributes.length === 0 ? [] : [formatAttributes(found)]),
    ...(found.event ? [formatEvent(found.event)] : []),
    formatConclusion(found, flags),
  ].join('\n\n');
}

function stepRow({ name, state, appliedAt, differences }: StepStatus): string[] {
  return [
    name,
    style(state === 'applied' ? 'green' : 'yellow', state),
    appliedAt ? formatTime(appliedAt) : '',
    differences.join(', '),
  ];
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

function formatConclusion({ upToDate, steps }: Status, flags: InstallFlags): string {
  if (upToDate) {
    return style('green', 'Up to date.');
  }
  const pending = steps.filter(({ state }) => state !== 'applied').length;
  return style(
    'yellow',
    `${pluralize(pending, 'pending step')}. Run: ${formatCommand('migrate', flags)}`,
  );
}

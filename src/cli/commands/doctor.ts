import type { Command } from 'commander';
import { type Check, type Diagnosis, doctor, type InstallOptions } from '../../install';
import { parseRole, roleList } from '../../install/steps/roles';
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
import { pluralize, printResult, style } from '../support/output';

interface DoctorFlags extends InstallFlags, DatabasesFlags {
  readonly as?: string[];
  readonly quiet?: boolean;
  readonly trust?: string[];
}

export function registerDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .summary('check the installation, or the grants of an account')
    .description(
      'Checks the table, attributes, routines, definer, grants, migration log, cleanup, event ' +
        'and server. With --as, checks instead that the connected account has exactly the grants ' +
        'of a role. Changes nothing. Exit code 3 means findings, 1 means that a check could not ' +
        'run.',
    )
    .option('--as <roles...>', `roles that the connected account must have: ${roleList}`)
    .option('--trust <accounts...>', 'accounts that may reach the sessions without a role')
    .option('-q, --quiet', 'print only findings, and checks that could not run');
  addExamples(addDatabasesOption(addInstallOptions(command)), [
    'knex-mysql-session doctor --url mysql://dba@db.example/shop',
    'knex-mysql-session doctor --as application --url mysql://app@db.example/shop',
    "knex-mysql-session doctor --quiet --databases 'shop_%' --url mysql://dba@db.example",
  ]).action((flags: DoctorFlags) => {
    const as = flags.as?.map(parseRole);
    const isSilent = ({ checks }: Diagnosis) => flags.quiet && checks.length === 0;
    return runInDatabases(flags, {
      run: async (target) => {
        const diagnose = (options: InstallOptions) =>
          doctor({ ...options, as, trust: flags.trust });
        const diagnosis = await withInstallOptions(flags, diagnose, target);
        return flags.quiet ? onlyTrouble(diagnosis) : diagnosis;
      },
      print: (diagnosis) => {
        // A reader of JSON expects a document in any case.
        if (flags.json || !isSilent(diagnosis)) printResult(flags, diagnosis, formatDiagnosis);
      },
      summarize: (diagnosis) => (isSilent(diagnosis) ? '' : formatConclusion(diagnosis)),
      exitCodeOf,
    });
  });
}

function onlyTrouble(diagnosis: Diagnosis): Diagnosis {
  const isTrouble = ({ state }: Check) => state === 'finding' || state === 'unknown';
  return { ...diagnosis, checks: diagnosis.checks.filter(isTrouble) };
}

function exitCodeOf({ findings, unknown }: Diagnosis): number {
  if (findings > 0) {
    return exitCodes.findings;
  }
  return unknown > 0 ? exitCodes.failed : exitCodes.done;
}

function formatDiagnosis(diagnosis: Diagnosis): string {
  const areas = [...new Set(diagnosis.checks.map(({ area }) => area))];
  return [
    `${diagnosis.database}.${diagnosis.table}, as ${diagnosis.account}`,
    ...areas.map((area) =>
      [
        style('bold', area),
        ...diagnosis.checks.filter((check) => check.area === area).flatMap(formatCheck),
      ].join('\n'),
    ),
    formatConclusion(diagnosis),
  ].join('\n\n');
}

const marks = {
  ok: ['green', '✔'],
  note: ['cyan', '•'],
  finding: ['red', '✘'],
  unknown: ['yellow', '?'],
} as const;

function formatCheck({
  state,
  subject,
  expected,
  found,
  remedy,
  alternative = [],
}: Check): string[] {
  const [color, mark] = marks[state];
  const line = `  ${style(color, mark)} ${subject}: ${found}`;
  const details = state === 'ok' || found === expected ? [] : [`      expected: ${expected}`];
  return [
    line,
    ...details,
    ...remedy.map((step) => `      remedy: ${step}`),
    ...alternative.map((step) => `      or:     ${step}`),
  ];
}

function formatConclusion({ findings, unknown }: Diagnosis): string {
  const parts = [
    ...(findings > 0 ? [style('red', pluralize(findings, 'finding'))] : []),
    ...(unknown > 0 ? [style('yellow', `${pluralize(unknown, 'check')} could not run`)] : []),
  ];
  return parts.length > 0 ? `${parts.join(', ')}.` : style('green', 'No findings.');
}

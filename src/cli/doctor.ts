import type { Command } from 'commander';
import { type Check, type Diagnosis, doctor, type Naming } from '../install';
import { parseRole, roleNames } from '../install/roles';
import { type ConnectionFlags, connected } from './connection';
import { exitCodes } from './exit-code';
import { type OutputFlags, withConnection, withExamples, withJson, withNaming } from './options';
import { count, print, printJson, styled } from './output';

interface DoctorFlags extends ConnectionFlags, Naming, OutputFlags {
  readonly as?: string[];
}

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .summary('hold what is there against what should be')
    .description(
      'Holds the installation against what it should be: table, routines, accounts, grants, log, cleanup. With --as, it holds the rights of the account that it connects as against a role. Changes nothing. The exit code is 3 where something was found, and 1 where something could not be looked at.',
    )
    .option('--as <roles...>', `the account of the connection is to have these, and no more: ${roleNames}`);
  withExamples(withJson(withNaming(withConnection(command))), [
    'knex-mysql-session doctor --url mysql://dba@db.example/shop',
    'knex-mysql-session doctor --as application --url mysql://app@db.example/shop',
  ]).action(async (flags: DoctorFlags) => {
    const as = flags.as?.map(parseRole);
    const diagnosis = await connected(flags, (connection) => doctor({ ...flags, as, connection }));
    if (flags.json) {
      printJson(diagnosis);
    } else {
      print(report(diagnosis));
    }
    process.exitCode = exitCodeOf(diagnosis);
  });
}

function exitCodeOf({ findings, unknown }: Diagnosis): number {
  if (findings > 0) {
    return exitCodes.findings;
  }
  return unknown > 0 ? exitCodes.failed : exitCodes.done;
}

function report(diagnosis: Diagnosis): string {
  const areas = [...new Set(diagnosis.checks.map(({ area }) => area))];
  return [
    `${diagnosis.database}.${diagnosis.table}, as ${diagnosis.account}`,
    ...areas.map((area) =>
      [
        styled('bold', area),
        ...diagnosis.checks.filter((check) => check.area === area).flatMap(linesOf),
      ].join('\n'),
    ),
    conclusion(diagnosis),
  ].join('\n\n');
}

const marks = {
  ok: styled('green', '✔'),
  note: styled('cyan', '•'),
  finding: styled('red', '✘'),
  unknown: styled('yellow', '?'),
} as const;

function linesOf({ state, subject, expected, found, remedy }: Check): string[] {
  const line = `  ${marks[state]} ${subject}: ${found}`;
  const details = state === 'ok' || found === expected ? [] : [`      expected: ${expected}`];
  return [line, ...details, ...remedy.map((step) => `      remedy: ${step}`)];
}

function conclusion({ findings, unknown }: Diagnosis): string {
  const parts = [
    ...(findings > 0 ? [styled('red', count(findings, 'finding'))] : []),
    ...(unknown > 0 ? [styled('yellow', `${unknown} could not be looked at`)] : []),
  ];
  return parts.length > 0 ? `${parts.join(', ')}.` : styled('green', 'Nothing found.');
}

import type { Command } from 'commander';
import { type Adoption, adopt } from '../../install';
import { addExamples, addInstallOptions, type InstallFlags } from '../support/command-options';
import { withInstallOptions } from '../support/connection';
import { formatTable, pluralize, printMessage, printResult } from '../support/output';
import { type Progress, startProgress } from '../support/progress';

interface AdoptFlags extends InstallFlags {
  readonly dryRun?: boolean;
}

export function registerAdopt(program: Command): void {
  const command = program
    .command('adopt')
    .summary("copy the live sessions of another store's table")
    .description(
      'Copies the live sessions from a table of connect-session-knex, express-mysql-session, ' +
        'koa-generic-session-knex or knex-schema-session-store. Users stay logged in. The source ' +
        'table does not change. Run it as often as needed: it overwrites no session.',
    )
    .argument('<source>', 'source table on the same server: old_sessions or shop.old_sessions')
    .option('--dry-run', 'report what would be copied, and change nothing');
  addExamples(addInstallOptions(command), [
    'knex-mysql-session adopt old_sessions --dry-run',
    'knex-mysql-session adopt legacy.sessions --url mysql://dba@db.example/shop -p',
  ]).action(async (source: string, { dryRun = false, ...flags }: AdoptFlags) => {
    const progress = createProgress();
    const adoption = await withInstallOptions(flags, (options) =>
      adopt(options, source, {
        dryRun,
        onProgress: progress.update,
        onSurvey: (expected) => {
          progress.stop();
          printMessage(formatSurvey(expected));
        },
      }),
    ).finally(progress.stop);
    const sessions = pluralize(adoption.adopted, 'session');
    printResult(flags, { dryRun, ...adoption }, () =>
      dryRun ? `${sessions} would be adopted. Nothing was changed.` : `${sessions} adopted.`,
    );
  });
}

function formatSurvey(adoption: Adoption): string {
  const { source, kind, rows, adopted, present, expired, refused, refusals } = adoption;
  const unlisted = refused - refusals.length;
  return [
    formatTable([
      ['Source table', `${source} (${kind})`],
      ['Rows', String(rows)],
      ['To adopt', String(adopted)],
      ['Already adopted', String(present)],
      ['Expired', String(expired)],
      ['Refused', String(refused)],
    ]),
    ...refusals.map(({ sid, reason }) => `  ${sid}: ${reason}`),
    ...(unlisted > 0 ? [`  and ${unlisted} more`] : []),
  ].join('\n');
}

/** Shows a count while the rows are read, and a bar while they are copied. */
function createProgress(): {
  readonly update: (done: number, total: number | undefined) => void;
  readonly stop: () => void;
} {
  let progress: Progress | undefined;
  return {
    update: (done, total) => {
      progress ??= startProgress('sessions', total);
      progress.update(done);
    },
    stop: () => {
      progress?.stop();
      progress = undefined;
    },
  };
}

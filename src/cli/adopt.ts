import type { Command } from 'commander';
import { type Adoption, adopt, type Naming } from '../install';
import { type ConnectionFlags, connected } from './connection';
import { type OutputFlags, withConnection, withExamples, withJson, withNaming } from './options';
import { count, print, printJson, say, table } from './output';
import { type Progress, startProgress } from './progress';

interface AdoptFlags extends ConnectionFlags, Naming, OutputFlags {
  readonly dryRun?: boolean;
}

export function addAdopt(program: Command): void {
  const command = program
    .command('adopt')
    .summary("take over another store's sessions")
    .description(
      'Copies the live sessions from a table of connect-session-knex, express-mysql-session, koa-generic-session-knex or knex-schema-session-store, so that nobody is logged out. The table stays as it is, and the command can be run again: a session that lives here already is left alone.',
    )
    .argument('<source>', 'a table on the same server: old_sessions, or shop.old_sessions')
    .option('--dry-run', 'only say what would happen, and change nothing');
  withExamples(withJson(withNaming(withConnection(command))), [
    'knex-mysql-session adopt old_sessions --dry-run',
    'knex-mysql-session adopt legacy.sessions --url mysql://dba@db.example/shop -p',
  ]).action(async (source: string, { dryRun = false, ...flags }: AdoptFlags) => {
    const progress = reportRows();
    const adoption = await connected(flags, (connection) =>
      adopt({ ...flags, connection }, source, {
        dryRun,
        onProgress: progress.update,
        onSurvey: (expected) => {
          progress.stop();
          say(figures(expected));
        },
      }),
    ).finally(progress.stop);
    if (flags.json) {
      printJson({ dryRun, ...adoption });
    } else {
      const sessions = count(adoption.adopted, 'session');
      print(dryRun ? `${sessions} would be adopted: nothing was changed.` : `${sessions} adopted.`);
    }
  });
}

function figures(adoption: Adoption): string {
  const { source, kind, rows, adopted, present, expired, refused, refusals } = adoption;
  const unnamed = refused - refusals.length;
  return [
    table([
      ['From', `${source}, a table of ${kind}`],
      ['Sessions', String(rows)],
      ['To adopt', String(adopted)],
      ['Live here already', String(present)],
      ['Expired', String(expired)],
      ["Can't come over", String(refused)],
    ]),
    ...refusals.map(({ sid, reason }) => `  ${sid}: ${reason}`),
    ...(unnamed > 0 ? [`  and ${unnamed} more`] : []),
  ].join('\n');
}

/** A count while the rows are looked at, and then a bar while they are copied. */
function reportRows(): {
  readonly update: (done: number, total: number | undefined) => void;
  readonly stop: () => void;
} {
  let progress: Progress | undefined;
  const stop = () => {
    progress?.stop();
    progress = undefined;
  };
  const update = (done: number, total: number | undefined) => {
    progress ??= startProgress('sessions', total);
    progress.update(done);
  };
  return { update, stop };
}

import type { Command } from 'commander';
import { type InstallOptions, install, type Naming, status } from '../install';
import { type ConnectionFlags, connected } from './connection';
import { type EventFlags, eventOf, withEvent } from './event';
import {
  type DefinerFlags,
  type OutputFlags,
  withConnection,
  withDefiner,
  withExamples,
  withJson,
  withNaming,
} from './options';
import { count, print, printJson, say, styled } from './output';
import { reportSteps } from './progress';

export function addMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .summary('install, or upgrade what is there')
    .description(
      'Installs the table, the routines and the locked account that they run as, or upgrades what is there. It can be run again after a failure, and by many at once.',
    );
  withExamples(withJson(withEvent(withDefiner(withNaming(withConnection(command))))), [
    'knex-mysql-session migrate --url mysql://dba@db.example/shop -p',
    'knex-mysql-session migrate --table admin_sessions --prefix admin_sess_',
    'knex-mysql-session migrate --event --every 300',
  ]).action(async (flags: ConnectionFlags & Naming & DefinerFlags & EventFlags & OutputFlags) => {
    const event = eventOf(flags);
    const report = reportSteps();
    const steps = await connected(flags, async (connection) => {
      const options = { ...flags, connection, event };
      const taken = await install(options, report).finally(report.stop);
      if (event) {
        await warnOfEvent(options);
      }
      return taken;
    });
    if (flags.json) {
      printJson({ steps });
    } else {
      print(
        steps.length === 0
          ? 'Nothing to do: up to date.'
          : `Up to date: ${count(steps.length, 'step')} done.`,
      );
    }
  });
}

// MariaDB's scheduler is off unless somebody switched it on: whoever asks for the event is told at once.
async function warnOfEvent(options: InstallOptions): Promise<void> {
  const { event } = await status(options);
  if (event?.trouble) {
    say(`${styled('yellow', 'The cleanup does not run yet.', process.stderr)} ${event.trouble}.`);
  }
}

import type { Command } from 'commander';
import { ArgumentError } from '../errors';
import { type Naming, plan, planFresh } from '../install';
import { type ConnectionFlags, connected } from './connection';
import { type EventFlags, eventOf, withEvent } from './event';
import { type DefinerFlags, withConnection, withDefiner, withExamples, withNaming } from './options';
import { say } from './output';

interface PlanFlags extends ConnectionFlags, Naming, DefinerFlags, EventFlags {
  readonly database?: string;
}

export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .summary('print the SQL that migrate would run, as a script')
    .description(
      'Prints the SQL that migrate would run, as a script for the mysql or mariadb client: what is still to do on the server, or with --database a fresh installation. Nothing where there is nothing to do.',
    )
    .option('--database <name>', 'plan a fresh installation in this database, without asking a server');
  withExamples(withEvent(withDefiner(withNaming(withConnection(command)))), [
    'knex-mysql-session plan --database shop > install.sql',
    'knex-mysql-session plan --url mysql://dba@db.example/shop | mysql -h db.example -u dba -p',
  ]).action(async (flags: PlanFlags, self: Command) => {
    if (flags.database === undefined) {
      await planThere(flags);
      return;
    }
    if (self.getOptionValueSource('url') === 'cli') {
      throw new ArgumentError('database', 'given without --url, which names the database', 'both');
    }
    process.stdout.write(planFresh({ ...flags, database: flags.database, event: eventOf(flags) }));
  });
}

async function planThere(flags: PlanFlags): Promise<void> {
  const event = eventOf(flags);
  const script = await connected(flags, (connection) => plan({ ...flags, connection, event }));
  if (script === '') {
    say('Nothing to do: the installation is up to date.');
  }
  process.stdout.write(script);
}

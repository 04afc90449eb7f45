import type { Command } from 'commander';
import { grant, type Naming } from '../install';
import { parseRole, roleNames } from '../install/roles';
import { type ConnectionFlags, connected } from './connection';
import { type OutputFlags, withConnection, withExamples, withJson, withNaming } from './options';
import { print, printJson } from './output';

interface GrantFlags extends ConnectionFlags, Naming, OutputFlags {
  readonly role: string;
}

export function addGrant(program: Command): void {
  const command = program
    .command('grant')
    .summary('let an account execute the routines of a role')
    .description(
      "Lets an account execute the routines of a role, and keeps it so through upgrades. The application's account needs nothing else.",
    )
    .argument('<account>', "an account that exists, such as app@'10.0.%'; app alone is app@'%'")
    .option('--role <role>', `what it is to do: ${roleNames}`, 'application');
  withExamples(withJson(withNaming(withConnection(command))), [
    "knex-mysql-session grant shop@'10.0.%' --url mysql://dba@db.example/shop",
    'knex-mysql-session grant cron@localhost --role cleaner',
    "knex-mysql-session grant shop@'10.0.%' --role destroy_user_id",
  ]).action(async (account: string, flags: GrantFlags) => {
    const role = parseRole(flags.role);
    await connected(flags, (connection) => grant({ ...flags, connection }, account, role));
    if (flags.json) {
      printJson({ account, role });
    } else {
      print(`${account} has the role ${role}.`);
    }
  });
}

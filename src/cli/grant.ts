import { type Command, Option } from 'commander';
import { grant, type Naming, type Role } from '../install';
import { roles } from '../install/roles';
import { type ConnectionFlags, connected } from './connection';
import { type OutputFlags, withConnection, withExamples, withJson, withNaming } from './options';
import { print, printJson } from './output';

interface GrantFlags extends ConnectionFlags, Naming, OutputFlags {
  readonly role: Role;
}

export function addGrant(program: Command): void {
  const command = program
    .command('grant')
    .summary('let an account execute the routines of a role')
    .description(
      "Lets an account execute the routines of a role, and keeps it so through upgrades. The application's account needs nothing else.",
    )
    .argument('<account>', "an account that exists, such as app@'10.0.%'; app alone is app@'%'")
    .addOption(new Option('--role <role>', 'what it is to do').choices(roles).default('application'));
  withExamples(withJson(withNaming(withConnection(command))), [
    "knex-mysql-session grant shop@'10.0.%' --url mysql://dba@db.example/shop",
    'knex-mysql-session grant cron@localhost --role cleaner',
  ]).action(async (account: string, flags: GrantFlags) => {
    await connected(flags, (connection) => grant({ ...flags, connection }, account, flags.role));
    if (flags.json) {
      printJson({ account, role: flags.role });
    } else {
      print(`${account} has the role ${flags.role}.`);
    }
  });
}

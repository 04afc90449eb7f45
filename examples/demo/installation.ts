import { randomBytes } from 'node:crypto';
import { check } from './check';
import { runCommand } from './command-line';
import { type DemoDatabase, query } from './database';
import { answer, command, say } from './output';
import type { Step } from './step';

/** The account that the application connects as. */
export interface Account {
  readonly name: string;
  /** Its URL, with the database in its path. */
  readonly url: string;
}

/** What a DBA does, once, before an application starts. */
export async function prepare(step: Step, database: DemoDatabase): Promise<Account> {
  await step('The DBA reads what would be installed', () => showPlan(database));
  await step('The DBA installs it', () => install(database));
  return step("The DBA creates the application's account", () => createAccount(database));
}

async function showPlan(database: DemoDatabase): Promise<void> {
  const shown = Object.assign(new URL(database.url), { password: '' });
  say(`MYSQL_URL names the DBA's account: ${shown.href}`);
  const plan = await runCommand(database.url, 'plan');
  say('This is all of it: the table, the account that the routines run as, and the routines.');
  answer(plan);
  check(
    'The script is whole.',
    plan.includes('CREATE TABLE') && plan.includes('PROCEDURE `sess_version`'),
    plan,
  );
}

async function install(database: DemoDatabase): Promise<void> {
  answer(await runCommand(database.url, 'migrate'));
  const again = await runCommand(database.url, 'migrate');
  answer(again);
  check('Done twice, it does nothing the second time.', /nothing to do/i.test(again), again);
}

async function createAccount(database: DemoDatabase): Promise<Account> {
  const user = `${database.name}_app`;
  const name = `'${user}'@'%'`;
  const password = `aA1!${randomBytes(12).toString('hex')}`;
  command('dba>', `CREATE USER ${name} IDENTIFIED BY '…'`);
  await query(database.url, `CREATE USER ${name} IDENTIFIED BY '${password}'`);
  answer(await runCommand(database.url, 'grant', user));

  // USAGE is the right to connect and nothing else; with it, MariaDB shows the password's hash.
  const grants = (await query(database.url, `SHOW GRANTS FOR ${name}`))
    .flatMap((row) => Object.values(row).map(String))
    .filter((grant) => !grant.startsWith('GRANT USAGE ON *.* TO '));
  command('dba>', `SHOW GRANTS FOR ${name}`);
  answer(grants.join('\n'));
  check(
    'It may execute these procedures, and nothing else.',
    grants.length > 0 && grants.every((grant) => /^GRANT EXECUTE ON PROCEDURE \S+ TO \S+$/.test(grant)),
    grants,
  );
  return { name: user, url: Object.assign(new URL(database.url), { username: user, password }).href };
}

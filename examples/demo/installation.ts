import { type Account, createAccount } from './account';
import { check } from './check';
import { runCommand } from './command-line';
import { type DemoDatabase, query } from './database';
import { answer, command, say } from './output';
import type { Step } from './step';

/** What a DBA does, once, before an application starts. */
export async function prepare(step: Step, database: DemoDatabase): Promise<Account> {
  await step('The DBA reads what would be installed', () => showPlan(database));
  await step('The DBA installs it', () => install(database));
  await step("The DBA lets a user's sessions be found", () => addAttribute(database));
  return step("The DBA creates the application's account", () => createApplicationAccount(database));
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

async function addAttribute(database: DemoDatabase): Promise<void> {
  const what = ['user_id', '--path', '$.userId', '--type', 'VARCHAR(64)'];
  const added = await runCommand(database.url, 'attribute', 'add', ...what);
  answer(added);
  check('The attribute is made.', /user_id is there/.test(added), added);
  const listed = await runCommand(database.url, 'attribute', 'list');
  answer(listed);
  check('It is listed.', /user_id.*\$\.userId.*varchar\(64\)/i.test(listed), listed);
}

async function createApplicationAccount(database: DemoDatabase): Promise<Account> {
  const account = await createAccount(database, 'app');
  answer(await runCommand(database.url, 'grant', account.name));
  for (const role of ['find_user_id', 'destroy_user_id']) {
    const granted = await runCommand(database.url, 'grant', account.name, '--role', role);
    answer(granted);
    check(`It has the role ${role}.`, granted.includes(role), granted);
  }

  command('dba>', `SHOW GRANTS FOR '${account.name}'@'%'`);
  const grants = await grantsOf(database, account);
  answer(grants.join('\n'));
  check(
    'It may execute these procedures, and nothing else.',
    grants.length > 0 && grants.every((grant) => /^GRANT EXECUTE ON PROCEDURE \S+ TO \S+$/.test(grant)),
    grants,
  );
  return account;
}

// USAGE is the right to connect and nothing else; with it, MariaDB shows the password's hash.
async function grantsOf({ url }: DemoDatabase, { name }: Account): Promise<string[]> {
  return (await query(url, `SHOW GRANTS FOR '${name}'@'%'`))
    .flatMap((row) => Object.values(row).map(String))
    .filter((grant) => !grant.startsWith('GRANT USAGE ON *.* TO '));
}

import test from 'ava';
import { grant, install } from '../../../src/install';
import { createInstallation, ids, writeSession } from '../../install/installation';
import { createDatabase, openDatabase } from '../../support/database';
import { runAtTerminal, testAtTerminal } from '../pseudo-terminal';
import { runCli } from '../run-cli';

test.serial('gc with the role cleaner deletes all expired sessions in batches.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  for (const sid of ['a', 'b', 'c', 'd', 'e']) {
    await writeSession(installation, sid, -1);
  }
  await writeSession(installation, 'live', 60);
  t.like(await runCli(['gc', '--limit', '2'], { MYSQL_URL: installation.account.url }), {
    code: 0,
    stdout: '5 expired sessions deleted.\n',
    stderr: '',
  });
  t.deepEqual(await ids(installation), ['live']);
});

test.serial('gc --json prints the number of deleted sessions.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  const { stdout } = await runCli(['gc', '--json', '--url', installation.account.url]);
  t.deepEqual(JSON.parse(stdout), { deleted: 1, overdueMs: null });
});

test.serial('gc says that another transaction holds the rest.', async (t) => {
  const installation = await createInstallation(t, ['cleaner']);
  await writeSession(installation, 'a', -1);
  await openDatabase(t, installation.url).withConnection(async (other) => {
    await other.query('START TRANSACTION');
    await other.query('SELECT * FROM sessions FOR UPDATE');
    const { code, stdout, stderr } = await runCli(['gc', '--json'], {
      MYSQL_URL: installation.account.url,
    });
    t.is(code, 0);
    const { deleted, overdueMs } = JSON.parse(stdout);
    t.is(deleted, 0);
    t.true(overdueMs >= 1_000);
    t.regex(stderr, /^Other transactions hold the rest: .*SHOW ENGINE INNODB STATUS\n$/);
    await other.query('ROLLBACK');
  });
});

test.serial('gc calls the routines with another prefix.', async (t) => {
  const { url, query, createAccount } = await createDatabase(t);
  const naming = { connection: url, table: 'logins', prefix: 'lg_' };
  await install(naming);
  const account = await createAccount();
  await grant(naming, account.name, 'cleaner');
  await query(
    "INSERT INTO logins VALUES ('a', '{}', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))",
  );
  const { stdout } = await runCli(['gc', '--prefix', 'lg_', '--url', account.url]);
  t.is(stdout, '1 expired session deleted.\n');
});

test.serial('gc without the role cleaner shows the command that grants it.', async (t) => {
  const { account } = await createInstallation(t, ['operator']);
  const { code, stdout, stderr } = await runCli(['gc', '--url', account.url]);
  t.is(code, 1);
  t.is(stdout, '');
  t.regex(stderr, /knex-mysql-session grant '.+'@'%' --role cleaner/);
});

for (const [roles, bar] of [
  [['cleaner', 'operator'], /█.* of 5 expired sessions/],
  [['cleaner'], /\d expired sessions/],
] as const) {
  testAtTerminal(
    `gc at a terminal shows its progress with the role ${roles.join(' and ')}.`,
    async (t) => {
      const installation = await createInstallation(t, roles);
      for (const sid of ['a', 'b', 'c', 'd', 'e']) {
        await writeSession(installation, sid, -1);
      }
      const { code, screen } = await runAtTerminal(['gc', '--limit', '1'], {
        MYSQL_URL: installation.account.url,
      });
      t.is(code, 0);
      t.regex(screen, bar);
      t.regex(screen, /5 expired sessions deleted\./);
      t.deepEqual(await ids(installation), []);
    },
  );
}

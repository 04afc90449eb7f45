import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { plan, planFresh, planFreshSteps, planSteps, status } from '../../../src/install';
import { createInstallation } from '../../install/installation';
import { hasClient, runInClient } from '../../support/client';
import { createDatabase } from '../../support/database';
import { outcomeOf, runCli, startCli } from '../run-cli';

test.serial('plan prints the SQL of the pending steps only.', async (t) => {
  const { url } = await createDatabase(t);
  t.like(await runCli(['plan'], { MYSQL_URL: url }), {
    code: 0,
    stdout: await plan({ connection: url }),
    stderr: '',
  });
});

test.serial('plan prints no SQL if nothing is pending, and reports it on stderr.', async (t) => {
  const { url } = await createInstallation(t);
  t.like(await runCli(['plan'], { MYSQL_URL: url }), {
    code: 0,
    stdout: '',
    stderr: 'Nothing to do: the installation is up to date.\n',
  });
});

test.serial('plan --database connects to no server, even if MYSQL_URL names one.', async (t) => {
  t.like(
    await runCli(['plan', '--database', 'shop', '--prefix', 's_'], {
      MYSQL_URL: 'mysql://dba@127.0.0.1:1/x',
    }),
    { code: 0, stdout: planFresh({ database: 'shop', prefix: 's_' }), stderr: '' },
  );
});

(hasClient ? test.serial : test.serial.skip)(
  'The output of plan installs when it is piped into the client.',
  async (t) => {
    const { url } = await createDatabase(t);
    const { stdout } = await runCli(['plan', '--url', url]);
    await runInClient(url, stdout);
    t.true((await status({ connection: url })).upToDate);
  },
);

test.serial('A reader of a plan may close the pipe early.', async (t) => {
  const child = startCli(['plan', '--database', 'shop']);
  child.stdin.end();
  const outcome = outcomeOf(child);
  child.stdout.destroy();
  t.like(await outcome, { code: 0, signal: null, stderr: '' });
});

test.serial('plan --every prints the plan of the library with an event.', async (t) => {
  const { url } = await createDatabase(t);
  const { stdout } = await runCli(['plan', '--every', '300', '--url', url]);
  t.regex(stdout, /EVERY 300 SECOND/);
  t.is(stdout, await plan({ connection: url, event: { every: 300 } }));
});

test.serial('plan --database --event connects to no server.', async (t) => {
  t.like(await runCli(['plan', '--database', 'shop', '--event']), {
    code: 0,
    stdout: planFresh({ database: 'shop', event: true }),
  });
});

test.serial('plan --definer current names no definer.', async (t) => {
  const { code, stdout } = await runCli(['plan', '--schema', 'shop', '--definer', 'current']);
  t.is(code, 0);
  t.notRegex(stdout, /localhost/);
});

test.serial('A definer other than current is wrong usage.', async (t) => {
  const { code, stderr } = await runCli(['plan', '--database', 'shop', '--definer', 'root']);
  t.is(code, 2);
  t.regex(stderr, /Allowed choices are current/);
});

test.serial('plan --no-event --every is wrong usage.', async (t) => {
  const url = 'mysql://dba@127.0.0.1:1/shop';
  t.like(await runCli(['plan', '--no-event', '--every', '5', '--url', url]), {
    code: 2,
    stdout: '',
    stderr: 'error: Expected `--every` to be given without --no-event, got both\n',
  });
});

test.serial('plan --output writes the script to a file.', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'plan-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'install.sql');
  const args = ['plan', '--database', 'shop', '--output', file];
  t.like(await runCli(args), { code: 0, stdout: '', stderr: `Written to ${file}.\n` });
  t.is(await readFile(file, 'utf8'), planFresh({ database: 'shop' }));
});

test.serial('plan --format json prints the steps for programs.', async (t) => {
  const { code, stdout } = await runCli(['plan', '--database', 'shop', '--format', 'json']);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout), planFreshSteps({ database: 'shop' }));
});

test.serial('plan --format json prints a document also if nothing is pending.', async (t) => {
  const { url } = await createInstallation(t);
  const { code, stdout } = await runCli(['plan', '--format', 'json', '--url', url]);
  t.is(code, 0);
  t.like(JSON.parse(stdout), { table: 'sessions', opening: [], steps: [], closing: [] });
});

test.serial('With --json, other plans are printed as steps too.', async (t) => {
  const { url, account } = await createInstallation(t);
  const json = async (...args: string[]) => {
    const { code, stdout } = await runCli([...args, '--json', '--url', url]);
    t.is(code, 0);
    return JSON.parse(stdout);
  };
  t.deepEqual(await json('migrate', '--dry-run'), await planSteps({ connection: url }));
  t.deepEqual(
    await json('revoke', account.name, '--plan'),
    await planSteps({ connection: url }, { action: 'revoke', account: account.name }),
  );
  t.deepEqual(
    await json('rollback', '--to', '0', '--plan'),
    await planSteps({ connection: url }, { action: 'rollback', to: 0 }),
  );
});

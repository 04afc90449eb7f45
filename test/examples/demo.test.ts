import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunningProgram } from '../../examples/demo/program';
import { localTest } from '../servers/helpers/local';
import { createInstallation } from '../store';
import { leftOf, startDemo } from './helpers/demo';
import { start } from './helpers/example';

let running: Promise<RunningProgram> | undefined;

/** The demo after its end: it runs once for all tests of this file. */
async function demo(t: ExecutionContext): Promise<RunningProgram> {
  running ??= startDemo(t);
  await (await running).ended;
  return running;
}

async function outputOfDemo(t: ExecutionContext): Promise<string> {
  return (await demo(t)).output();
}

test('the demo ends by itself, with exit code 0', async (t) => {
  t.is(await (await demo(t)).ended, 0);
});

test('it says which server it runs on', async (t) => {
  t.regex(await outputOfDemo(t), /A (MariaDB|MySQL) server: MYSQL_URL, /);
});

test('it shows the SQL of every routine before it installs any', async (t) => {
  const [plan = ''] = (await outputOfDemo(t)).split('The DBA installs it');
  const files = readdirSync(join(__dirname, '../../sql/routines'));
  const missing = files.filter((file) => !plan.includes(`PROCEDURE \`${file.replace('.sql', '')}\` (`));
  t.deepEqual(missing, []);
});

test('it shows that two people sign in', async (t) => {
  t.regex(await outputOfDemo(t), /✔ Ada is signed in\..*✔ Grace is signed in\./s);
});

test('it shows that both are still signed in after a restart', async (t) => {
  t.regex(
    await outputOfDemo(t),
    /stopped and started again.*✔ Ada is still signed in\..*✔ Grace is still signed in\..*Ada signs out/s,
  );
});

test('it shows that one signs out and the other stays', async (t) => {
  t.regex(
    await outputOfDemo(t),
    /Ada signs out.*✔ The old cookie opens nothing\..*✔ Grace is still signed in\..*session expires/s,
  );
});

test('it shows that an expired session is cleaned up', async (t) => {
  t.regex(await outputOfDemo(t), /session expires.*✔ It has deleted the row\./s);
});

test("it shows how a user's sessions come to be found", async (t) => {
  t.regex(await outputOfDemo(t), /attribute add user_id --path '\$\.userId'.*✔ The attribute is made\./s);
});

for (const role of ['find_user_id', 'destroy_user_id']) {
  test(`it shows that the application's account gets the role ${role}`, async (t) => {
    t.regex(await outputOfDemo(t), new RegExp(`--role ${role}.*✔ It has the role ${role}\\.`, 's'));
  });
}

test('it shows that one device signs out another of the same person', async (t) => {
  t.regex(
    await outputOfDemo(t),
    /✔ The account page lists Firefox on Linux and Chrome on Android\..*✔ Ada's phone is no longer signed in\..*✔ Ada's laptop is still signed in\./s,
  );
});

test('it shows how support finds and ends the sessions of somebody', async (t) => {
  t.regex(
    await outputOfDemo(t),
    /list --where user_id=ada.*✔ Support finds Ada's session\..*end --where user_id=ada.*✔ It is ended\..*✔ Ada's laptop is no longer signed in\./s,
  );
});

test('it shows the rows as a DBA sees them', async (t) => {
  t.regex(await outputOfDemo(t), /│ [\w-]{6} +│ \{.*│ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} │/);
});

for (const statement of ['SELECT', 'DELETE', 'DROP']) {
  test(`it shows how the server refuses the application's account a ${statement}`, async (t) => {
    t.regex(
      await outputOfDemo(t),
      new RegExp(`ERROR 1142 \\(42000\\): ${statement} command denied to user 'demo_\\w+_app'`),
    );
  });
}

test('it shows no password', async (t) => {
  t.notRegex(await outputOfDemo(t), /aA1![0-9a-f]/);
});

test('it writes no colours where nobody sees them', async (t) => {
  t.false((await outputOfDemo(t)).includes('\u001b'));
});

test('it leaves no database, no account and no connection', async (t) => {
  t.deepEqual(await leftOf(t, await demo(t)), []);
});

localTest('without MYSQL_URL, the demo boots a server of its own', async (t) => {
  const own = await start(t, 'examples/demo.ts', { MYSQL_URL: '' });
  t.is(await own.ended, 0);
});

test('a demo that is interrupted ends with exit code 1', async (t) => {
  t.is(await (await startDemo(t)).stop('SIGTERM'), 1);
});

test('a demo that is interrupted leaves no database, no account and no connection', async (t) => {
  const interrupted = await startDemo(t);
  await interrupted.stop('SIGTERM');
  t.deepEqual(await leftOf(t, interrupted), []);
});

test('a demo that goes wrong ends with exit code 1, and says what the server said', async (t) => {
  const { accountUrl } = await createInstallation(t, ['application']);
  await t.throwsAsync(start(t, 'examples/demo.ts', { MYSQL_URL: accountUrl }), {
    message: /ended with 1:.*The demo failed.*Access denied/s,
  });
});

test('a demo that is told what it does not know ends with exit code 1', async (t) => {
  await t.throwsAsync(startDemo(t, '--no-such-option'), { message: /ended with 1:.*--no-such-option/s });
});

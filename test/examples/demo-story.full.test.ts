import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { RunningProgram } from '../../examples/demo/program';
import { createDatabase } from '../support/database';
import { leftoversOf, start, startDemo } from './helpers/example';

let running: Promise<RunningProgram> | undefined;

/** Returns the demo after its end. It runs once for all tests of this file. */
async function demo(t: ExecutionContext): Promise<RunningProgram> {
  running ??= startDemo(t);
  await (await running).ended;
  return running;
}

async function outputOfDemo(t: ExecutionContext): Promise<string> {
  return (await demo(t)).output();
}

test('The demo ends by itself with exit code 0.', async (t) => {
  t.is(await (await demo(t)).ended, 0);
});

test('The demo names its server.', async (t) => {
  t.regex(await outputOfDemo(t), /The server is (MariaDB|MySQL) [\d.]+, from MYSQL_URL \(/);
});

test('The output of the demo has at most 150 lines of at most 80 columns.', async (t) => {
  const lines = (await outputOfDemo(t)).trimEnd().split('\n');
  t.true(lines.length <= 150, `${lines.length} lines`);
  t.deepEqual(
    lines.filter((line) => [...line].length > 80),
    [],
  );
});

test('The demo names a file with the SQL of each routine before the installation.', async (t) => {
  const [before = ''] = (await outputOfDemo(t)).split('The DBA installs it');
  const [, file = ''] = /plan --output '(\S+)'/.exec(before) ?? [];
  t.teardown(() => rmSync(file));
  const plan = readFileSync(file, 'utf8');
  const routines = readdirSync(join(__dirname, '../../sql/routines')).map((file) =>
    file.replace('.sql', ''),
  );
  const missing = routines.filter((routine) => !plan.includes(`PROCEDURE \`${routine}\` (`));
  t.deepEqual(missing, []);
});

for (const [fact, texts] of [
  ['that two people sign in', ['✔ Ada is signed in.', '✔ Grace is signed in.']],
  [
    'that both are still signed in after a restart',
    [
      'The application restarts',
      '✔ Ada is still signed in.',
      '✔ Grace is still signed in.',
      'Ada signs out',
    ],
  ],
  [
    'that one signs out and the other stays signed in',
    [
      'Ada signs out',
      '✔ The old cookie opens no session.',
      '✔ Grace is still signed in.',
      "Grace's session expires",
    ],
  ],
  [
    'the cleanup of an expired session',
    ["Grace's session expires", '✔ The cleanup has deleted the row.'],
  ],
  [
    'how the DBA adds an attribute',
    ["attribute add user_id --path '$.userId'", '✔ Sessions have the attribute user_id.'],
  ],
  [
    'that one device signs out another device of the same user',
    [
      '✔ The account page lists Firefox on Linux and Chrome on Android.',
      "✔ Ada's phone is no longer signed in.",
      "✔ Ada's laptop is still signed in.",
    ],
  ],
  [
    'how support finds and ends the sessions of a user',
    [
      'list --where user_id=ada',
      "✔ Support finds Ada's session.",
      'end --where user_id=ada',
      '✔ Support has ended one session.',
      "✔ Ada's laptop is no longer signed in.",
    ],
  ],
] as const) {
  test(`The demo shows ${fact}.`, async (t) => {
    let rest = await outputOfDemo(t);
    for (const text of texts) {
      t.true(rest.includes(text), `Expected after the text before: ${text}`);
      rest = rest.slice(rest.indexOf(text) + text.length);
    }
  });
}

test('The demo shows the rows as a DBA sees them.', async (t) => {
  const row = /│ [\w-]{6} +│ \{.*│ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} │/;
  t.regex(await outputOfDemo(t), row);
});

for (const role of ['find_user_id', 'destroy_user_id']) {
  test(`The demo shows that the application's account gets the role ${role}.`, async (t) => {
    const pattern = new RegExp(`--role ${role}\\n   │ demo_\\w+_app has the role ${role}\\.`);
    t.regex(await outputOfDemo(t), pattern);
  });
}

for (const statement of ['SELECT', 'DELETE', 'DROP']) {
  test(`The demo shows that the server denies the account a ${statement}.`, async (t) => {
    const denial = `ERROR 1142 \\(42000\\): ${statement} command denied to user\\s+│ 'demo_\\w+_app'`;
    t.regex(await outputOfDemo(t), new RegExp(denial));
  });
}

test('The demo shows no password.', async (t) => {
  t.notRegex(await outputOfDemo(t), /aA1![0-9a-f]/);
});

test('The demo prints no colors if its output is not a terminal.', async (t) => {
  t.false((await outputOfDemo(t)).includes('\u001b'));
});

test('The demo leaves no database, no account and no connection.', async (t) => {
  t.deepEqual(await leftoversOf(t, await demo(t)), []);
});

test("With an application's account, the demo ends with exit code 1 and says so.", async (t) => {
  const { url } = await (await createDatabase(t)).createAccount();
  await t.throwsAsync(start(t, 'examples/demo.ts', { MYSQL_URL: url }), {
    message: /ended with 1:.*The demo failed.*which is no administrator's/s,
  });
});

test('An unknown option ends the demo with exit code 1.', async (t) => {
  const started = startDemo(t, '--no-such-option');
  await t.throwsAsync(started, { message: /ended with 1:.*--no-such-option/s });
});

import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import test from 'ava';
import { examples } from './examples/helpers/frameworks';
import { freePort } from './servers/port';
import { createInstallation } from './store';

const root = join(__dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');

/** The text between a heading and the next. */
function section(heading: string): string {
  return readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
}

/** The code that stands in the section, of one language. */
function code(heading: string, language: string): string {
  return [...section(heading).matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))]
    .map(([, text]) => text)
    .join('');
}

/** The names in the first column of the section's table. */
function rows(heading: string, row: RegExp): string[] {
  return [...section(heading).matchAll(row)].flatMap(([, name]) => name ?? []).sort();
}

function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder)).map((file) => file.replace('.sql', ''));
}

test('The app in ten lines runs as it stands, and counts.', async (t) => {
  const { accountUrl } = await createInstallation(t, ['application']);
  const port = await freePort();
  const app = spawn(process.execPath, ['--input-type=module', '--eval', code('The app in ten lines', 'js')], {
    cwd: root,
    env: {
      ...process.env,
      MYSQL_URL: accountUrl,
      SESSION_SECRET: 'a secret for the tests',
      PORT: String(port),
    },
    stdio: 'inherit',
  });
  t.teardown(() => app.kill());
  const url = `http://127.0.0.1:${port}/`;
  const first = await answerOf(url);
  const cookie = first.headers
    .getSetCookie()
    .map((text) => text.split(';')[0] ?? '')
    .join('; ');
  await first.text();
  t.is(await (await fetch(url, { headers: { cookie } })).text(), 'Visits: 2');
});

/** The first answer of a server that is still starting. */
async function answerOf(url: string): Promise<Response> {
  for (const end = Date.now() + 20_000; ; await sleep(50)) {
    try {
      return await fetch(url);
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
    }
  }
}

test('The lines of the promise API run as they stand.', async (t) => {
  const { accountUrl } = await createInstallation(t, ['application']);
  const script = code('Other frameworks', 'js');
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    env: { ...process.env, MYSQL_URL: accountUrl },
  });
  t.is(stdout, "{ user: 'ann' }\n");
});

test('The examples are those that are tested.', (t) => {
  const linked = [...section('Other frameworks').matchAll(/\]\((examples\/\S+)\)/g)].map(
    ([, file]) => file ?? '',
  );
  const tested = Object.values(examples).filter((file) => file.startsWith('examples/'));
  t.deepEqual(linked.sort(), tested.sort());
});

test('The options are those of the stores.', (t) => {
  const names = (file: string, list: RegExp) => list.exec(read(file))?.[1]?.match(/\w+/g) ?? [];
  const known = names('src/settings.ts', /const known = \[([^\]]*)\]/);
  const koas = names('src/koa-store.ts', /settingsOf\(options, \[([^\]]*)\]/);
  t.deepEqual(rows('Options', /^\| `(\w+)` \|/gm), [...known, ...koas].sort());
});

test('The routines are those that are installed.', (t) => {
  t.deepEqual(rows('Routines', /^\| `(\w+)` \|/gm), filesOf('sql/routines').sort());
});

test('The commands are those of the command line.', (t) => {
  const commands = readdirSync(join(root, 'src/cli')).flatMap((file) => {
    const [, name] = /\.command\('(\w+)/.exec(read(`src/cli/${file}`)) ?? [];
    return name ?? [];
  });
  t.deepEqual(rows('Commands', /^\| `(\w+)[ `]/gm), commands.sort());
});

test('The grants are those of the role.', (t) => {
  t.is(code('Grants', 'sql'), read('sql/grants/application.sql').replaceAll('`account`@`host`', '`app`@`%`'));
});

for (const role of ['application', 'cleaner', 'operator']) {
  test(`The role ${role} may execute what the README says.`, (t) => {
    const row = new RegExp(`^\\| \`${role}\` \\|[^|]*\\| (.*) \\|$`, 'm').exec(section('Grants'))?.[1] ?? '';
    const granted = [...read(`sql/grants/${role}.sql`).matchAll(/PROCEDURE (`\w+`)/g)].map(
      ([, name]) => name,
    );
    t.deepEqual(row.split(', '), granted as string[]);
  });
}

test('The commands to try and to test are those of the package.', (t) => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = [...code('Try it and test it', 'sh').matchAll(/npm (?:run )?(\w+)$/gm)].map(
    ([, name]) => name,
  );
  t.deepEqual(named, ['demo', 'test']);
  t.true(named.every((name) => name !== undefined && name in scripts));
});

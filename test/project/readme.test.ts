import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { Browser } from '../../examples/demo/browser';
import { fixedRoles, routineNames, routines } from '../../src/contract';
import { resolveNames } from '../../src/install/sql/names';
import { grantStep } from '../../src/install/steps/grants';
import { routinesOfRole } from '../../src/install/steps/roles';
import { koaOptions } from '../../src/options/koa-options';
import { defineStoreOptions } from '../../src/options/store-options';
import { examples } from '../examples/helpers/frameworks';
import { parseSignature } from '../sql/signature';
import { freePort } from '../support/servers/system';
import { createInstallation } from '../support/store';
import { waitUntil } from '../support/wait-until';
import { codeOf, sectionOf } from './code-blocks';

const root = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = {
  readme: read('README.md'),
  dba: read('docs/dba.md'),
  gettingStarted: read('docs/getting-started.md'),
  frameworks: read('docs/frameworks.md'),
  options: read('docs/options.md'),
  routines: read('docs/routines.md'),
  commands: read('docs/commands.md'),
  typescript: read('docs/typescript.md'),
};
const tsc = join(root, 'node_modules/.bin/tsc');

const fiveMinutes = sectionOf(pages.readme, 'Five minutes');

/** Returns the names in the first column of tables, sorted. */
function rows(text: string, row: RegExp): string[] {
  return [...text.matchAll(row)].flatMap(([, name]) => name ?? []).sort();
}

test('The app of the README runs unchanged, and counts.', async (t) => {
  const url = await startApp(t, codeOf(fiveMinutes, 'js'));
  const visitor = new Browser(url);
  await visitor.visit();
  t.is((await visitor.visit()).body, 'Visits: 2');
});

test('The app of docs/getting-started.md runs unchanged: it signs in, and out.', async (t) => {
  const url = await startApp(t, codeOf(pages.gettingStarted, 'js'));
  const visitor = new Browser(url);
  t.regex((await visitor.submit('/sign-in')).body, /^Hello, ada\./);
  t.regex((await visitor.visit()).body, /^Hello, ada\./);
  t.regex((await visitor.submit('/sign-out')).body, /Sign in/);
});

/** Runs an app of a page as the role application. Returns its URL when it answers. */
async function startApp(t: ExecutionContext, source: string): Promise<string> {
  const { accountUrl } = await createInstallation(t, ['application']);
  const port = await freePort();
  const app = spawn(process.execPath, ['--input-type=module', '--eval', source], {
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
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  await waitUntil(answers);
  return url;
}

test('The lines of the promise API run unchanged.', async (t) => {
  const { accountUrl } = await createInstallation(t, ['application']);
  const script = codeOf(pages.frameworks, 'js');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    {
      cwd: root,
      env: { ...process.env, MYSQL_URL: accountUrl },
    },
  );
  t.is(stdout, "{ user: 'ann' }\n");
});

/** What the application around a snippet has. */
const surroundings = `
  import type { Request } from 'express';
  import type { Knex } from 'knex';
  import { MySQLSessionStore } from 'knex-mysql-session';
  declare module 'express-session' { interface SessionData { device?: string } }
  declare const database: Knex;
  declare const request: Request;
`;

for (const [where, text, before] of [
  ['the first five minutes', fiveMinutes, ''],
  ['signing out other devices', sectionOf(pages.readme, 'Sign out other devices'), surroundings],
  ['docs/frameworks.md', pages.frameworks, ''],
  ['docs/typescript.md', pages.typescript, ''],
] as const) {
  test(`The code of ${where} compiles in strict TypeScript.`, async (t) => {
    const snippet = codeOf(text, 'js') + codeOf(text, 'ts');
    t.not(snippet, '');
    // It imports the package by its name, as from a module of this repository.
    const folder = await mkdtemp(join(root, 'test/project/types/readme-'));
    t.teardown(() => rm(folder, { recursive: true }));
    const file = join(folder, 'snippet.mts');
    await writeFile(file, before + snippet);
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
    const types = ['--skipLibCheck', '--types', 'node', '--ignoreConfig'];
    const compile = promisify(execFile)(tsc, [...flags, ...types, file], { cwd: root });
    await t.notThrowsAsync(compile.catch(({ stdout }) => Promise.reject(new Error(stdout))));
  });
}

test('docs/frameworks.md links each tested example.', (t) => {
  const linked = [...pages.frameworks.matchAll(/\]\(\.\.\/(examples\/\S+)\)/g)].map(
    ([, file]) => file ?? '',
  );
  const tested = Object.values(examples).filter((file) => file.startsWith('examples/'));
  t.deepEqual(linked.sort(), tested.sort());
});

test('docs/options.md lists every option.', (t) => {
  const names = Object.keys({ ...defineStoreOptions(), ...koaOptions });
  t.deepEqual(rows(pages.options, /^\| `(\w+)` \|/gm), names.toSorted());
});

test('docs/routines.md lists each routine with its parameters, columns and roles.', (t) => {
  const row = /^\| `(\w+)` \|([^|]*)\|([^|]*)\| ([^|]*) \|$/gm;
  const listed = [...(pages.routines.split('\n## Grants')[0] ?? '').matchAll(row)].map(
    ([, name, parameters, result, roles]) => ({
      name,
      parameters: namesIn(parameters),
      // A remark follows the columns after a semicolon.
      columns: namesIn(result?.split(';')[0]),
      roles,
    }),
  );
  const expected = routineNames.map((name) => {
    const { signature, roles } = routines[name];
    const { parameters, columns } = parseSignature(signature);
    return {
      name,
      parameters: parameters.map((parameter) => parameter.name),
      columns,
      roles: roles.length === fixedRoles.length ? 'each' : roles.join(', '),
    };
  });
  t.deepEqual(listed, expected);
});

function namesIn(cell = ''): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].flatMap(([, name]) => name ?? []);
}

test('docs/commands.md lists every command.', (t) => {
  const commands = readdirSync(join(root, 'src/cli/commands')).flatMap((file) => {
    const [, name] = /\.command\('(\w+)/.exec(read(`src/cli/commands/${file}`)) ?? [];
    return name ?? [];
  });
  t.deepEqual(rows(pages.commands.split('\n## ')[0] ?? '', /^\| `(\w+)[ `]/gm), commands.sort());
});

test('docs/routines.md shows the grants of the role application.', (t) => {
  const account = { user: 'app', host: '%' };
  const grant = { role: 'application', account, credential: undefined } as const;
  const { up } = grantStep({ names: resolveNames(), attributes: [] }, grant);
  t.is(codeOf(pages.routines, 'sql'), up.map((statement) => `${statement};\n`).join(''));
});

for (const role of fixedRoles) {
  test(`docs/routines.md lists the routines of the role ${role}.`, (t) => {
    const row = new RegExp(`^\\| \`${role}\` \\|[^|]*\\| (.*) \\|$`, 'm');
    const listed = row.exec(pages.routines)?.[1] ?? '';
    t.is(
      listed,
      routinesOfRole(role, [])
        .map((name) => `\`${name}\``)
        .join(', '),
    );
  });
}

test('The pages for a DBA have the number of routines and of steps.', (t) => {
  const count = routineNames.length;
  t.true(pages.gettingStarted.includes(`The table sessions and ${count} routines\n`));
  // A step each for the choices, the table and the definer, and later for two grants.
  t.true(pages.dba.includes(`Up to date: ${count + 3} steps done.`));
  t.true(pages.dba.includes(`${count + 5} steps rolled back.`));
});

test('docs/troubleshooting.md explains each error code.', (t) => {
  const page = read('docs/troubleshooting.md');
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(`src/${file}`));
  const codes = new Set(sources.flatMap((source) => source.match(/(?<=')ERR_[A-Z_]+(?=')/g) ?? []));
  t.true(codes.has('ERR_SESSION_ARGUMENT'));
  t.deepEqual(
    [...codes].filter((code) => !page.includes(`| \`${code}\` |`)),
    [],
  );
});

test('The commands to try and to test exist in package.json.', (t) => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = [
    ...codeOf(sectionOf(pages.readme, 'Try it and test it'), 'sh').matchAll(
      /npm (?:run )?(\w+)$/gm,
    ),
  ].map(([, name]) => name);
  t.deepEqual(named, ['demo', 'test']);
  t.true(named.every((name) => name !== undefined && name in scripts));
});

import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { Browser } from '../../examples/demo/browser';
import { createDatabase } from '../support/database';
import { freePort } from '../support/servers/system';
import { createInstallation } from '../support/store';
import { eventually } from '../support/wait-until';
import { codeOf, sectionOf } from './code-blocks';

const run = promisify(execFile);
const root = join(__dirname, '../..');

/** A folder with this package and the tools of its users, as npm installs them. */
let folder: string;

const packages = [
  ...['express@5', 'express-session@1', 'knex@3', 'mysql2@3', 'vitest@4', 'jest@30'],
  ...['typescript@5', '@types/node@20', '@types/express@5', '@types/express-session@1'],
  ...['esbuild@0', 'rollup@4', 'webpack@5', 'webpack-cli@6', '@rollup/plugin-commonjs@29'],
  ...['@rollup/plugin-json@6', '@rollup/plugin-node-resolve@16'],
];

test.before(async (t) => {
  t.timeout(600_000);
  folder = await mkdtemp(join(tmpdir(), 'consumers-'));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const install = ['install', '--no-audit', '--no-fund', join(folder, tarball), ...packages];
  await run('npm', install, { cwd: folder });
});

test.after.always(() => rm(folder, { recursive: true, force: true }));

const fiveMinutes = sectionOf(readFileSync(join(root, 'README.md'), 'utf8'), 'Five minutes');
/** The app of the README, and the types that it declares. */
const app = codeOf(fiveMinutes, 'js');
const types = codeOf(fiveMinutes, 'ts');
/** CommonJS has no `await` outside a function. */
const appWithoutAwait = `${app.replace('await store.ready();', 'store.ready().then(() => {')}});\n`;
const commonJsApp = appWithoutAwait.replace(
  /^import (.*) from ('.*');$/gm,
  'const $1 = require($2);',
);

/** Installs, saves a session and reads it. The SQL of the package must be in a bundle. */
const installer = `
  import { MySQLSessionStore } from 'knex-mysql-session';
  import { install } from 'knex-mysql-session/install';
  const connection = process.env.DBA_URL;
  const steps = await install({ connection });
  const store = new MySQLSessionStore({ connection, disableDbCleanup: true });
  await store.set('sid', { cookie: { originalMaxAge: null }, visits: 7 });
  console.log(steps.length > 10, (await store.get('sid')).visits);
  await store.close();
`;

/** Code of a test that visits the app twice, then ends it. */
const visitTwice = `
  const url = 'http://127.0.0.1:' + process.env.PORT;
  let first;
  while (!first) first = await fetch(url).catch(() => undefined);
  const cookie = first.headers.getSetCookie()[0].split(';')[0];
  expect(await (await fetch(url, { headers: { cookie } })).text()).toBe('Visits: 2');
  process.emit('SIGTERM');
`;

/** knex loads a driver by its name, so an application does not bundle knex. */
const external = ['knex', 'mysql2', 'express', 'express-session'];

const rollupConfig = `
  import commonjs from '@rollup/plugin-commonjs';
  import json from '@rollup/plugin-json';
  import resolve from '@rollup/plugin-node-resolve';
  export default {
    external: (id) => ${JSON.stringify(external)}.includes(id.split('/')[0]),
    output: { format: 'es', inlineDynamicImports: true },
    plugins: [resolve({ preferBuiltins: true, exportConditions: ['node'] }), commonjs(), json()],
  };
`;

const webpackConfig = `
  module.exports = {
    mode: 'production',
    target: 'node',
    externals: ${JSON.stringify(Object.fromEntries(external.map((name) => [name, `commonjs ${name}`])))},
  };
`;

/** How each bundler bundles app.mjs. The bundle is bundle.mjs, or bundle.cjs of webpack. */
const bundlers = {
  esbuild: [
    ['esbuild', 'app.mjs', '--bundle', '--platform=node', '--format=esm', '--outfile=bundle.mjs'],
    // A bundle of modules has no require, which CommonJS dependencies call for Node's own modules.
    [
      "--banner:js=import { createRequire } from 'node:module'; " +
        'const require = createRequire(import.meta.url);',
    ],
    external.map((name) => `--external:${name}`),
  ].flat(),
  rollup: ['rollup', '--config', 'rollup.config.mjs', '--input', 'app.mjs', '--file', 'bundle.mjs'],
  webpack: [
    ...['webpack', '--config', 'webpack.config.cjs', '--entry', './app.mjs'],
    ...['--output-path', '.', '--output-filename', 'bundle.cjs'],
  ],
};

const bundlerFiles = { 'rollup.config.mjs': rollupConfig, 'webpack.config.cjs': webpackConfig };
const bundleOf = (bundler: string) => (bundler === 'webpack' ? 'bundle.cjs' : 'bundle.mjs');

interface Consumer {
  readonly files: Readonly<Record<string, string>>;
  /** A tool of the folder and its arguments, run before the start. */
  readonly build?: readonly string[];
  /** A module that Node.js runs. */
  readonly entry: string;
}

function typeScript(file: string, source: string, compilerOptions: object): Consumer['files'] {
  const options = { strict: true, target: 'es2022', skipLibCheck: false, types: ['node'] };
  return {
    [file]: `${types}${source}`,
    'tsconfig.json': JSON.stringify({
      compilerOptions: { ...options, esModuleInterop: true, ...compilerOptions },
      files: [file],
    }),
  };
}

const consumers: Readonly<Record<string, Consumer>> = {
  'as an ES module': { files: { 'app.mjs': app }, entry: 'app.mjs' },
  'as CommonJS': { files: { 'app.cjs': commonJsApp }, entry: 'app.cjs' },
  'in TypeScript with nodenext': {
    files: typeScript('app.mts', app, { module: 'nodenext' }),
    build: ['tsc'],
    entry: 'app.mjs',
  },
  'in TypeScript with bundler': {
    files: typeScript('app.mts', app, { module: 'esnext', moduleResolution: 'bundler' }),
    build: ['tsc'],
    entry: 'app.mjs',
  },
  'in TypeScript with node10': {
    files: typeScript('app.ts', appWithoutAwait, {
      module: 'commonjs',
      moduleResolution: 'node10',
    }),
    build: ['tsc'],
    entry: 'app.js',
  },
  ...Object.fromEntries(
    Object.entries(bundlers).map(([bundler, build]) => [
      `bundled by ${bundler}`,
      { files: { 'app.mjs': app, ...bundlerFiles }, build, entry: bundleOf(bundler) },
    ]),
  ),
};

/** Writes files into a new folder below that of the packages. Returns how to run there. */
async function createProject(files: Consumer['files']) {
  const cwd = await mkdtemp(join(folder, 'project-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  const runTool = ([tool = '', ...parameters]: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    run(join(folder, 'node_modules/.bin', tool), parameters, {
      cwd,
      env: { PATH: process.env.PATH, ...env },
    });
  return { cwd, runTool };
}

/** Returns the environment of the app: an account with the role application, and a free port. */
async function appEnv(t: Parameters<typeof createInstallation>[0]) {
  const { accountUrl } = await createInstallation(t, ['application']);
  const port = String(await freePort());
  return { MYSQL_URL: accountUrl, SESSION_SECRET: 'a secret for the tests', PORT: port };
}

for (const [how, { files, build, entry }] of Object.entries(consumers)) {
  test.serial(`The app of the README runs ${how}.`, async (t) => {
    const { cwd, runTool } = await createProject(files);
    if (build) await runTool(build);
    const env = await appEnv(t);
    const started = spawn(process.execPath, [entry], { cwd, env, stdio: 'inherit' });
    t.teardown(() => started.kill());
    const visitor = new Browser(`http://127.0.0.1:${env.PORT}`);
    const visit = () =>
      visitor.visit().then(
        ({ body }) => body,
        () => '',
      );
    t.true(await eventually(async () => (await visit()) === 'Visits: 1'));
    t.is(await visit(), 'Visits: 2');
  });
}

for (const [runner, file, command] of [
  ['Vitest', 'app.test.mjs', ['vitest', 'run', '--testTimeout=60000']],
  ['Jest', 'app.test.cjs', ['jest', '--rootDir=.', '--testTimeout=60000', '--testMatch=**/*.cjs']],
] as const) {
  test.serial(`${runner} can test the app of the README.`, async (t) => {
    const isJest = runner === 'Jest';
    const { runTool } = await createProject({
      [isJest ? 'app.js' : 'app.mjs']: isJest ? commonJsApp : app,
      [file]: isJest
        ? `test('It counts.', async () => { require('./app.js'); ${visitTwice} });`
        : `import { expect, test } from 'vitest';
           test('It counts.', async () => { await import('./app.mjs'); ${visitTwice} });`,
    });
    await t.notThrowsAsync(runTool(command, await appEnv(t)));
  });
}

for (const [bundler, build] of Object.entries(bundlers)) {
  test.serial(`An application that ${bundler} bundles can install.`, async (t) => {
    const { url } = await createDatabase(t);
    const { cwd, runTool } = await createProject({ 'app.mjs': installer, ...bundlerFiles });
    await runTool(build);
    const env = { PATH: process.env.PATH, DBA_URL: url };
    const { stdout } = await run(process.execPath, [bundleOf(bundler)], { cwd, env });
    t.is(stdout, 'true 7\n');
  });
}

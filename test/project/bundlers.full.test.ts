import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { createDatabase } from '../support/database';

const run = promisify(execFile);
const root = join(__dirname, '../..');

/** An application's folder with this package and the bundlers, as npm installs them. */
let folder: string;

const packages = [
  ...['express-session@1', 'knex@3', 'mysql2@3', 'esbuild@0', 'rollup@4', 'webpack@5'],
  ...['webpack-cli@6', '@rollup/plugin-commonjs@29', '@rollup/plugin-json@6'],
  '@rollup/plugin-node-resolve@16',
];

/** knex loads a driver by its name, so an application does not bundle knex. */
const external = ['knex', 'mysql2', 'express-session'];

const rollupConfig = `
  import commonjs from '@rollup/plugin-commonjs';
  import json from '@rollup/plugin-json';
  import resolve from '@rollup/plugin-node-resolve';
  export default {
    input: 'app.mjs',
    external: (id) => ${JSON.stringify(external)}.includes(id.split('/')[0]),
    output: { file: 'rollup.mjs', format: 'es', inlineDynamicImports: true },
    plugins: [resolve({ preferBuiltins: true, exportConditions: ['node'] }), commonjs(), json()],
  };
`;

const webpackConfig = `
  const { resolve } = require('node:path');
  module.exports = {
    mode: 'production',
    target: 'node',
    entry: './app.mjs',
    externals: ${JSON.stringify(Object.fromEntries(external.map((name) => [name, `commonjs ${name}`])))},
    output: { path: resolve('.'), filename: 'webpack.cjs' },
  };
`;

/** An application that installs, saves a session and reads it. */
const app = `
  import { MySQLSessionStore } from 'knex-mysql-session';
  import { install } from 'knex-mysql-session/install';
  const connection = process.env.DBA_URL;
  const steps = await install({ connection });
  const store = new MySQLSessionStore({ connection, disableDbCleanup: true });
  await store.set('sid', { cookie: { originalMaxAge: null }, visits: 7 });
  console.log(steps.length > 10, (await store.get('sid')).visits);
  await store.close();
`;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundlers-'));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const install = ['install', '--no-audit', '--no-fund', join(folder, tarball), ...packages];
  await run('npm', install, { cwd: folder });
  await writeFile(join(folder, 'app.mjs'), app);
  await writeFile(join(folder, 'rollup.config.mjs'), rollupConfig);
  await writeFile(join(folder, 'webpack.config.cjs'), webpackConfig);
});

test.after.always(() => rm(folder, { recursive: true, force: true }));

const bundlers = {
  esbuild: [
    ['esbuild', 'app.mjs', '--bundle', '--platform=node', '--format=esm', '--outfile=esbuild.mjs'],
    // A bundle of modules has no require, which CommonJS dependencies call for Node's own modules.
    [
      "--banner:js=import { createRequire } from 'node:module'; " +
        'const require = createRequire(import.meta.url);',
    ],
    external.map((name) => `--external:${name}`),
  ].flat(),
  rollup: ['rollup', '--config', 'rollup.config.mjs'],
  webpack: ['webpack', '--config', 'webpack.config.cjs'],
};

for (const [bundler, command] of Object.entries(bundlers)) {
  test.serial(`An application that ${bundler} bundles installs and works.`, async (t) => {
    const { url } = await createDatabase(t);
    await run('npx', command, { cwd: folder });
    const file = bundler === 'webpack' ? 'webpack.cjs' : `${bundler}.mjs`;
    const { stdout } = await run(process.execPath, [join(folder, file)], {
      cwd: folder,
      env: { PATH: process.env.PATH, DBA_URL: url },
    });
    t.is(stdout, 'true 7\n');
  });
}

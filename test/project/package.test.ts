import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { isFullRun } from '../support/scale';
import { brokenLinks } from './links';

const run = promisify(execFile);
const root = join(__dirname, '../..');
const node = process.execPath;

/** A folder with the package as published, and everything that it depends on. */
let folder: string;
let tarball: string;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  tarball = join(folder, (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '');
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, 'knex-mysql-session'), { recursive: true });
  await run('tar', [
    '-xzf',
    tarball,
    '-C',
    join(modules, 'knex-mysql-session'),
    '--strip-components=1',
  ]);
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    await mkdir(join(modules, name, '..'), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name));
  }
});

test.after.always(() => rm(folder, { recursive: true, force: true }));

const names =
  'typeof MySQLSessionStore, typeof ArgumentError, typeof install, typeof KoaSessionStore, typeof SessionStore';

test('The package can be imported by name from an ES module.', async (t) => {
  const script = `
    import { ArgumentError, MySQLSessionStore } from 'knex-mysql-session';
    import { install } from 'knex-mysql-session/install';
    import { KoaSessionStore } from 'knex-mysql-session/koa';
    import { SessionStore } from 'knex-mysql-session/promise';
    console.log(${names});
  `;
  const { stdout } = await run(node, ['--input-type=module', '--eval', script], { cwd: folder });
  t.is(stdout, 'function function function function function\n');
});

test('The package can be required from CommonJS.', async (t) => {
  const script = `
    const { ArgumentError, MySQLSessionStore } = require('knex-mysql-session');
    const { install } = require('knex-mysql-session/install');
    const { KoaSessionStore } = require('knex-mysql-session/koa');
    const { SessionStore } = require('knex-mysql-session/promise');
    console.log(${names});
  `;
  const { stdout } = await run(node, ['--eval', script], { cwd: folder });
  t.is(stdout, 'function function function function function\n');
});

test('Each link in the published documents leads to a published file.', async (t) => {
  const published = join(folder, 'node_modules/knex-mysql-session');
  const pages = (await readdir(published, { recursive: true })).filter(
    (file) => file.endsWith('.md') && !file.startsWith('node_modules'),
  );
  t.true(pages.includes('README.md') && pages.includes(join('docs', 'dba.md')));
  t.deepEqual(
    pages.flatMap((page) => brokenLinks(published, page)),
    [],
  );
});

test('Koa, scripts and the installation from code do without express-session.', async (t) => {
  const script = `
    require('knex-mysql-session/install');
    require('knex-mysql-session/koa');
    require('knex-mysql-session/promise');
    console.log(Object.keys(require.cache).filter((file) => file.includes('express-session')).length);
  `;
  const { stdout } = await run(node, ['--eval', script], { cwd: folder });
  t.is(stdout, '0\n');
});

test('The published command finds the SQL that was published with it.', async (t) => {
  const command = join(folder, 'node_modules', 'knex-mysql-session', 'dist', 'cli', 'main.js');
  const { stdout } = await run(node, [command, 'plan', '--database', 'shop']);
  t.regex(stdout, /^CREATE TABLE IF NOT EXISTS `sessions` \(/m);
});

// These tools take as long as all other tests of this file.
if (isFullRun) {
  test('The types resolve with every moduleResolution, from ES modules and CommonJS alike.', async (t) => {
    const attw = join(root, 'node_modules', '.bin', 'attw');
    const { stdout } = await run(attw, [tarball, '--format', 'json']);
    const { problems, types } = JSON.parse(stdout).analysis;
    t.deepEqual({ problems, types }, { problems: [], types: { kind: 'included' } });
  });

  test('Publint finds nothing to say.', async (t) => {
    const publint = join(root, 'node_modules', '.bin', 'publint');
    const { stdout } = await run(publint, [tarball, '--strict']);
    t.regex(stdout, /All good!/);
  });
}

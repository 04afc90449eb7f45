import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';

const run = promisify(execFile);
const root = join(__dirname, '../..');

/** The oldest version of each peer that package.json accepts. */
const oldest = { knex: '3.1.0', mysql2: '3.11.0', 'express-session': '1.17.0' };

/** Tests that use the peers and Node.js most. */
const files = [
  'test/stores/mysql-session-store/{close,contract,express,expiry,values}.test.ts',
  'test/stores/koa-session-store/koa-session.test.ts',
  'test/stores/{fallback-store/fallback-store,session-store/session-store}.test.ts',
  'test/sessions/{encryption,events,limits,parallel-requests}.test.ts',
  'test/routines/{batched-routines,routine-client,schema}.test.ts',
  'test/database/{connection-function,failures,host-failover,knex-instance}.test.ts',
  'test/cli/commands/{init,migrate,status}.test.ts',
];

/**
 * Runs the tests with a version of Node.js. The package `node` of npm has each version's program.
 *
 * @returns the last line of AVA's output: how many tests passed
 */
async function testWith(node: string, folder: string): Promise<string> {
  const { TEST_FULL: _, TEST_TIMINGS: _timings, ...env } = process.env;
  const options = { cwd: folder, env, maxBuffer: 2 ** 26 };
  const npx = (...args: string[]) =>
    run('npx', ['--yes', `--package=node@${node}`, 'node', ...args], options);
  const version = await npx('--version');
  if (!version.stdout.startsWith(`v${node}.`)) throw new Error(`npx ran ${version.stdout}`);
  const ava = ['node_modules/ava/entrypoints/cli.mjs', '--concurrency=2'];
  const { stdout } = await npx(...ava, ...files).catch(({ stdout, message }) => {
    throw new Error(`${stdout}\n${message}`);
  });
  return stdout.trim().split('\n').at(-1)?.trim() ?? '';
}

/** Copies the package into a folder with the oldest peers. Its other packages are those here. */
async function createCopyWithOldestPeers(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'edition-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  for (const path of ['src', 'sql', 'migrations', 'test', 'examples', 'package.json']) {
    await cp(join(root, path), join(folder, path), { recursive: true });
  }
  await cp(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));

  const peers = join(folder, 'peers');
  await mkdir(peers);
  const packages = Object.entries(oldest).map(([name, version]) => `${name}@${version}`);
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--prefix', peers, ...packages]);

  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(join(root, 'node_modules'))) {
    const from = name in oldest ? join(peers, 'node_modules') : join(root, 'node_modules');
    await symlink(join(from, name), join(modules, name));
  }
  for (const [name, version] of Object.entries(oldest)) {
    t.is(require(join(modules, name, 'package.json')).version, version);
  }
  return folder;
}

const versions = ['20', '22', '24'];

for (const node of versions) {
  test.serial(`With Node.js ${node}, the tests pass.`, async (t) => {
    t.timeout(600_000);
    t.regex(await testWith(node, root), /^\d+ tests passed$/);
  });
}

for (const node of versions) {
  test.serial(`With Node.js ${node} and the oldest peers, the tests pass.`, async (t) => {
    t.timeout(600_000);
    const folder = await createCopyWithOldestPeers(t);
    t.regex(await testWith(node, folder), /^\d+ tests passed$/);
  });
}

test('The oldest peers are those of package.json.', (t) => {
  const { peerDependencies } = require('../../package.json');
  const ranges = Object.fromEntries(
    Object.entries(oldest).map(([name, version]) => [name, `^${version}`]),
  );
  t.like(peerDependencies, ranges);
});

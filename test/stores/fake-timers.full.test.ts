import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { createFullInstallation } from './fake-timers';

const run = promisify(execFile);
const root = join(__dirname, '../..');

/** An application's folder with this package and the test tools, as npm installs them. */
let folder: string;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fake-timers-'));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--no-audit', '--no-fund', join(folder, tarball), ...packages], {
    cwd: folder,
  });
  await cp(join(__dirname, 'every-method.cjs'), join(folder, 'every-method.cjs'));
});

test.after.always(() => rm(folder, { recursive: true, force: true }));

const packages = ['express-session@1', 'knex@3', 'mysql2@3', 'sinon@21', 'jest@30', 'vitest@4'];

/** Fails unless every method returns what it should. */
const body = `
  const results = await callEveryMethod(
    (subpath) => require('knex-mysql-session' + subpath),
    process.env.ACCOUNT_URL,
    fakeClock,
  );
  assert.deepStrictEqual(results, expectedResults);
`;

const imports = `
  const assert = require('node:assert');
  const { callEveryMethod, expectedResults } = require('./every-method.cjs');
`;

// Sinon and Jest fake nextTick by default. Node.js itself can then read no socket.
const runners = {
  sinon: {
    file: 'sinon.test.cjs',
    text: `${imports}
      const test = require('node:test');
      const sinon = require('sinon');
      const fakeClock = () => {
        const clock = sinon.useFakeTimers({ toNotFake: ['nextTick'] });
        return () => clock.restore();
      };
      test('every method', async () => {${body}});`,
    command: [process.execPath, '--test', 'sinon.test.cjs'],
    passed: /^# pass 1$/m,
  },
  jest: {
    file: 'jest.test.cjs',
    text: `${imports}
      const fakeClock = () => {
        jest.useFakeTimers({ doNotFake: ['nextTick'] });
        return () => jest.useRealTimers();
      };
      test('every method', async () => {${body}});`,
    // A busy machine must not fail a test.
    command: ['npx', 'jest', '--testTimeout', '60000', '--testMatch', '**/jest.test.cjs'],
    passed: /^Tests: +1 passed, 1 total$/m,
  },
  vitest: {
    file: 'vitest.test.mjs',
    text: `
      import { createRequire } from 'node:module';
      import { test, vi } from 'vitest';
      const require = createRequire(import.meta.url);
      ${imports}
      const fakeClock = () => {
        vi.useFakeTimers();
        return () => vi.useRealTimers();
      };
      test('every method', async () => {${body}});`,
    command: ['npx', 'vitest', 'run', '--testTimeout=60000', 'vitest.test.mjs'],
    passed: /^ *Tests +1 passed \(1\)$/m,
  },
};

for (const [runner, { file, text, command, passed }] of Object.entries(runners)) {
  test.serial(`With fake timers of ${runner}, every method of a store works.`, async (t) => {
    await writeFile(join(folder, file), text);
    const [program = '', ...args] = command;
    const { stdout, stderr } = await run(program, args, {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NO_COLOR: '1',
        ACCOUNT_URL: await createFullInstallation(t),
      },
    });
    t.regex(stdout + stderr, passed);
  });
}

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import type { OptionFileFlags } from '../../../src/cli/support/command-options';
import { readOptionFiles } from '../../../src/cli/support/option-files';
import { runInContext } from '../../../src/cli/support/process-context';
import { ArgumentError } from '../../../src/errors';
import { createHome } from '../home';

/** Reads the option files as a user with this home. Returns `name=value` of each option. */
async function read(
  flags: OptionFileFlags,
  env: NodeJS.ProcessEnv = {},
): Promise<{ options: string[]; stderr: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const found = runInContext({ stdin, stdout, stderr, env }, () => readOptionFiles(flags));
  stderr.end();
  return {
    options: found.map(({ name, value }) => `${name}=${value}`),
    stderr: await text(stderr),
  };
}

test('By default, ~/.my.cnf is read.', async (t) => {
  const HOME = createHome(t, '[client]\na=1\n[mysql]\nb=1\n[client-mariadb]\nc=1\n[mysqld]\nd=1');
  t.deepEqual(await read({}, { HOME }), { options: ['a=1', 'c=1'], stderr: '' });
});

test('Without ~/.my.cnf or a home, no file is read.', async (t) => {
  t.deepEqual((await read({}, { HOME: createHome(t) })).options, []);
  t.deepEqual((await read({}, {})).options, []);
});

test('--defaults-file is read alone.', async (t) => {
  const HOME = createHome(t, '[client]\na=1');
  writeFileSync(join(HOME, 'x.cnf'), '[client]\nb=1');
  t.deepEqual((await read({ defaultsFile: join(HOME, 'x.cnf') }, { HOME })).options, ['b=1']);
  t.deepEqual((await read({ defaultsFile: '~/x.cnf' }, { HOME })).options, ['b=1']);
});

test('--defaults-extra-file is read ahead of ~/.my.cnf.', async (t) => {
  const HOME = createHome(t, '[client]\na=1');
  writeFileSync(join(HOME, 'x.cnf'), '[client]\nb=1');
  const defaultsExtraFile = join(HOME, 'x.cnf');
  t.deepEqual((await read({ defaultsExtraFile }, { HOME })).options, ['b=1', 'a=1']);
});

test('--defaults-group-suffix adds the groups with the suffix.', async (t) => {
  const HOME = createHome(t, '[client]\na=1\n[client_Prod]\nb=1\n[client_test]\nc=1');
  const expected = ['a=1', 'b=1'];
  t.deepEqual((await read({ defaultsGroupSuffix: '_prod' }, { HOME })).options, expected);
  t.deepEqual((await read({}, { HOME, MYSQL_GROUP_SUFFIX: '_prod' })).options, expected);
});

test('Files and folders are included where they are named.', async (t) => {
  const HOME = createHome(t);
  const folder = join(HOME, 'conf.d');
  mkdirSync(folder);
  for (const name of ['2.cnf', '1.cnf', '3.txt']) {
    writeFileSync(join(folder, name), `[client]\nfile=${name}`);
  }
  writeFileSync(join(HOME, 'one.cnf'), '[client]\nfile=one\n[mysqld]\nfile=none');
  writeFileSync(
    join(HOME, '.my.cnf'),
    `[client]\na=1\n!include ${HOME}/one.cnf\nb=1\n!includedir ${folder}\nc=1`,
  );
  t.deepEqual((await read({}, { HOME })).options, [
    ...['a=1', 'file=one', 'b=1', 'file=1.cnf', 'file=2.cnf', 'c=1'],
  ]);
});

test('A file that every user can write is ignored with a warning.', async (t) => {
  const HOME = createHome(t, '[client]\na=1');
  writeFileSync(join(HOME, 'open.cnf'), '[client]\nhost=evil');
  chmodSync(join(HOME, 'open.cnf'), 0o666);
  writeFileSync(join(HOME, '.my.cnf'), `[client]\n!include ${HOME}/open.cnf\nb=1`);
  t.deepEqual(await read({}, { HOME }), {
    options: ['b=1'],
    stderr:
      `warning: ${HOME}/open.cnf is ignored: every user can write it. ` +
      `Run: chmod o-w ${HOME}/open.cnf\n`,
  });
  chmodSync(join(HOME, '.my.cnf'), 0o602);
  t.deepEqual((await read({}, { HOME })).options, []);
});

async function refused(t: ExecutionContext, flags: OptionFileFlags, HOME: string): Promise<string> {
  const error = await t.throwsAsync(read(flags, { HOME }), { instanceOf: ArgumentError });
  return String(error?.message);
}

test('A file of the command line that every user can write is an error.', async (t) => {
  const HOME = createHome(t, '[client]\na=1');
  chmodSync(join(HOME, '.my.cnf'), 0o666);
  const message = await refused(t, { defaultsFile: join(HOME, '.my.cnf') }, HOME);
  t.regex(
    message,
    /^Expected `defaultsFile` to be a file that only its owner can write: chmod o-w /,
  );
});

test('A missing file or folder is an error that names it.', async (t) => {
  const HOME = createHome(t);
  t.regex(
    await refused(t, { defaultsFile: '/no/such.cnf' }, HOME),
    /^Expected `defaultsFile` to be a file that can be read, got \/no\/such\.cnf \(ENOENT\)$/,
  );
  for (const line of ['!include /no/such.cnf', '!includedir /no/such']) {
    writeFileSync(join(HOME, '.my.cnf'), line);
    t.regex(await refused(t, {}, HOME), /^Expected `\S+\/\.my\.cnf, line 1` to be a \w+ that can/);
  }
});

test('Files that include each other are an error.', async (t) => {
  const HOME = createHome(t);
  writeFileSync(join(HOME, '.my.cnf'), `!include ${HOME}/.my.cnf`);
  t.regex(await refused(t, {}, HOME), /to be in at most 10 files that include each other/);
});

test('--defaults-file and --defaults-extra-file exclude each other.', async (t) => {
  const HOME = createHome(t);
  const message = await refused(t, { defaultsFile: 'a', defaultsExtraFile: 'b' }, HOME);
  t.regex(message, /^Expected `defaultsExtraFile` to be given without --defaults-file, got both$/);
});

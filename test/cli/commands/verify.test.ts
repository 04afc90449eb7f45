import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { verify, verifyFresh } from '../../../src/install';
import { createInstallation } from '../../install/installation';
import { runCli } from '../run-cli';

test.serial('verify prints the script for what is installed.', async (t) => {
  const { url } = await createInstallation(t);
  t.like(await runCli(['verify'], { MYSQL_URL: url }), {
    code: 0,
    stdout: await verify({ connection: url }),
    stderr: '',
  });
});

test.serial('verify --database connects to no server, even if MYSQL_URL names one.', async (t) => {
  const args = ['verify', '--database', 'shop', '--prefix', 's_', '--every', '300'];
  t.like(await runCli(args, { MYSQL_URL: 'mysql://dba@127.0.0.1:1/x' }), {
    code: 0,
    stdout: verifyFresh({ database: 'shop', prefix: 's_', event: { every: 300 } }),
    stderr: '',
  });
});

test.serial('verify --output writes the script to a file.', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'verify-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, 'verify.sql');
  const args = ['verify', '--database', 'shop', '--output', file];
  t.like(await runCli(args), { code: 0, stdout: '', stderr: `Written to ${file}.\n` });
  t.is(await readFile(file, 'utf8'), verifyFresh({ database: 'shop' }));
});

test.serial('verify with --database and --url is wrong usage.', async (t) => {
  const args = ['verify', '--database', 'shop', '--url', 'mysql://dba@127.0.0.1:1/shop'];
  t.like(await runCli(args), { code: 2, stdout: '' });
});

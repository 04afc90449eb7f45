import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const root = join(__dirname, '../..');

test('A quick benchmark writes a report with each measure and the goals.', async (t) => {
  t.timeout(900_000);
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const contenders = ['knex-mysql-session', 'mysql2 execute SQL'];
  const only = contenders.flatMap((name) => ['--only', name]);
  const bench = (file: string, ...args: string[]) =>
    run('npx', ['ts-node', join('bench', file), ...args], { cwd: root });
  await bench('prepare.ts');
  await bench('main.ts', '--quick', ...only, '--out', folder);

  const files = await readdir(folder);
  const pages = files.filter((name) => name.endsWith('.md')).sort();
  t.deepEqual(pages, ['goals.md', 'pages.md', 'scale.md', 'store.md']);
  const store = await readFile(join(folder, 'store.md'), 'utf8');
  t.regex(store, /^\| set changed, callers: 16 \| \d[\d.]*(?: \(\S+\))? \|$/m);
  const [picture] = /store-[\w-]+\.svg/.exec(store) ?? [];
  t.true(files.includes(String(picture)));
  const goals = await readFile(join(folder, 'goals.md'), 'utf8');
  t.regex(goals, /^\| get, 16 and 64 callers \| mysql2 execute SQL \| ≥ 1\.5 \| .* reached/m);
});

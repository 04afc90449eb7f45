import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { brokenLinks, proseOf } from './links';

const root = join(__dirname, '../..');

const pages = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n');

test('Each link leads to a file and a heading of this repository.', (t) => {
  t.true(pages.includes('README.md') && pages.includes('docs/dba.md'));
  t.deepEqual(
    pages.flatMap((page) => brokenLinks(root, page)),
    [],
  );
});

test('Each page of docs has a link from the index.', (t) => {
  const index = proseOf(root, 'docs/README.md');
  const unlisted = pages
    .filter((page) => /^docs\/[^/]+\.md$/.test(page) && page !== 'docs/README.md')
    .filter((page) => !index.includes(`](${page.slice('docs/'.length)})`));
  t.deepEqual(unlisted, []);
});

test('Each guide for a store has a link from the page about migration.', (t) => {
  const guides = pages.filter((page) => page.startsWith('docs/migration/'));
  const overview = proseOf(root, 'docs/migration.md');
  t.true(guides.length >= 8);
  t.deepEqual(
    guides.filter((page) => !overview.includes(`](${page.slice('docs/'.length)})`)),
    [],
  );
});

test('The README has at most 250 lines.', (t) => {
  t.true(readFileSync(join(root, 'README.md'), 'utf8').split('\n').length <= 251);
});

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Configuration } from 'markdownlint';
import { lint } from 'markdownlint/sync';

const root = join(__dirname, '../..');

/** All rules with their defaults, except these. */
const config: Configuration = {
  // prose.ts checks the width. Tables and links may be wider.
  'line-length': false,
  // A delimiter row is short: `|---|---|`.
  'table-column-style': false,
  'no-hard-tabs': { code_blocks: false },
  'no-inline-html': { allowed_elements: ['details', 'summary'] },
  // The template of a pull request is a form, not a page.
  'first-line-heading': { allow_preamble: true },
};

/** Returns what markdownlint finds in pages. */
function findingsIn(strings: Record<string, string>): string[] {
  return Object.entries(lint({ strings, config })).flatMap(([page, findings]) =>
    findings.map(
      ({ lineNumber, ruleNames, ruleDescription, errorDetail }) =>
        `${page}:${lineNumber} ${ruleNames.join('/')} ${ruleDescription} ${errorDetail ?? ''}`,
    ),
  );
}

const list = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
const all = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).trim().split('\n');
// TypeDoc writes the pages of the API.
const pages = all.filter((page) => !page.startsWith('docs/api/'));
const texts = pages.map((page) => [page, readFileSync(join(root, page), 'utf8')] as const);

test('markdownlint finds nothing in any page.', (t) => {
  t.true(pages.includes('README.md') && pages.includes('docs/dba.md'));
  t.deepEqual(findingsIn(Object.fromEntries(texts)), []);
});

test('No page of docs has more than 300 lines.', (t) => {
  const lengths = all
    .filter((page) => page.startsWith('docs/'))
    .map((page) => [page, readFileSync(join(root, page), 'utf8').split('\n').length - 1] as const);
  t.true(lengths.length > 100);
  t.deepEqual(
    lengths.filter(([, length]) => length > 300),
    [],
  );
});

test('A heading that skips a level is found.', (t) => {
  t.regex(findingsIn({ 'a.md': '# A\n\n### B\n' }).join(), /^a\.md:3 .*heading-increment/);
});

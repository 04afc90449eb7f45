import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  type Document,
  documentOf,
  type Finding,
  findBannedWords,
  findHardPages,
  findHighAverages,
  findLongSentences,
  findWideLines,
  measure,
  readDocuments,
} from './prose';
import { bannedWords, bannedWordsIn, sentencesOf } from './sentences';
import { textsOf } from './texts';

const root = join(__dirname, '../..');
const repository = readDocuments(root);

/** Fails with the first findings. The command prints all. */
function isClean(t: ExecutionContext, findings: readonly Finding[]): void {
  const first = findings.slice(0, 50).map(({ place, message }) => `${place}: ${message}`);
  const hint = 'List all: npx ts-node test/project/prose.ts PATH';
  t.is(findings.length, 0, [`${findings.length} findings. ${hint}`, ...first].join('\n'));
}

test('No text of the repository has a banned word.', (t) => {
  isClean(t, findBannedWords(repository));
});

test('No line of a comment or a document is wider than 100 columns.', (t) => {
  isClean(t, findWideLines(repository));
});

test('No sentence is longer than 25 words.', (t) => {
  isClean(t, findLongSentences(repository));
});

test('No kind of comment and no document has more than 14 words a sentence.', (t) => {
  isClean(t, findHighAverages(repository));
});

test('No page has a reading ease below 50.', (t) => {
  isClean(t, findHardPages(repository));
});

test('The checks see every kind of text.', (t) => {
  const groups = new Set(repository.flatMap(({ texts }) => texts.map(({ group }) => group)));
  for (const group of [
    ...['src', 'test', 'examples', 'bench', 'SQL'].map((kind) => `${kind} comments`),
    ...['src messages', 'SQL messages', 'test titles'],
    ...['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/dba.md'],
  ]) {
    t.true(groups.has(group), group);
  }
});

for (const [what, paragraph, expected] of [
  ['Two sentences', 'It reads. It writes.', ['It reads.', 'It writes.']],
  ['Line breaks', 'It reads\nall rows.\nIt writes.', ['It reads all rows.', 'It writes.']],
  ['A text without a full stop', 'Reads all rows', ['Reads all rows']],
  ['A question and an exclamation', 'Is it? Yes! Good.', ['Is it?', 'Yes!', 'Good.']],
  ['An abbreviation', 'A host, e.g. MySQL, i.e. a server.', ['A host, e.g. MySQL, i.e. a server.']],
  ['A version', 'It needs 10.6. 8.0 is old.', ['It needs 10.6.', '8.0 is old.']],
  ['An ellipsis', 'Wait... then read.', ['Wait... then read.']],
  ['A colon', 'It does this: It reads.', ['It does this: It reads.']],
  ['Code at the start', 'It reads. `a. B` writes.', ['It reads.', '`a. B` writes.']],
  ['A name at the start', 'It reads. knex-x writes.', ['It reads.', 'knex-x writes.']],
  ['Another word at the start', 'See sec. two of it.', ['See sec. two of it.']],
  [
    'Parentheses',
    'It reads (all.) It (see a.) writes.',
    ['It reads (all.)', 'It (see a.) writes.'],
  ],
  [
    'A link',
    'See [it](a.md). Read [this.](b.md) Then.',
    ['See [it](a.md).', 'Read [this.](b.md)', 'Then.'],
  ],
] as const) {
  test(`${what}: sentences are split.`, (t) => {
    t.deepEqual(
      sentencesOf(paragraph).map(({ text }) => text),
      [...expected],
    );
  });
}

for (const [words, text] of [
  [3, 'One, two – three.'],
  [2, 'Run `npm run bench -- store`.'],
  [2, 'See https://example.com/a/b?c=d.'],
  [4, 'See [the manual](https://example.com/a) first.'],
  [2, "It's well-known."],
  [3, 'Use {@link Map} **now**.'],
  [3, 'An image: ![Alt](a.png).'],
  [0, '–'],
] as const) {
  test(`${words} words are counted in: ${text}`, (t) => {
    t.is(sentencesOf(text)[0]?.words ?? 0, words);
  });
}

const bad = [
  ['whoever', 'Whoever reads it.'],
  ['whatever', 'Whatever comes.'],
  ['nobody', "It is nobody's."],
  ['those that', 'Deletes those\nthat expired.'],
  ['those who', 'Those who call.'],
  ['such as may', 'Such as may expire.'],
  ['so that', 'It waits so that it works.'],
  ['told', 'It is told.'],
  ['taken', 'The lock is taken.'],
  ['stands', 'As it stands.'],
  ['stand', 'Where they stand, it ends.'],
  ['held against', 'It is held against it.'],
  ['hold all of it against', 'To hold all of it against another.'],
  ['what is there', 'Compares it with what is there.'],
  ['the latter', 'The latter wins.'],
  ['thereof', 'A part thereof.'],
  ['a moment ago', 'It was here a moment ago.'],
  ["of one's own", "A table of one's own."],
  ['of its own', 'A table of its own.'],
  ['of their own', 'Tables of their own.'],
  ['besides', 'Besides, it works.'],
  ['meanwhile', 'Meanwhile, it waits.'],
  ['hither', 'It comes hither.'],
  ['ahead of all else', 'It runs ahead of all else.'],
  ['for ever', 'It waits for ever.'],
  ['at the least', 'One at the least.'],
  ['as it is', 'It leaves the row as it is.'],
  ['is to be', 'It is to be deleted.'],
  ['are to be', 'They are to be deleted.'],
  ['is none', 'Where there is none.'],
] as const;

for (const [word, text] of bad) {
  test(`The banned word "${word}" is found.`, (t) => {
    t.deepEqual(
      bannedWordsIn(text).map((found) => found.word.toLowerCase()),
      [word],
    );
  });
}

test('Each banned word has a text that it is found in.', (t) => {
  const found = new Set(
    bad.flatMap(([, text]) => bannedWordsIn(text).map(({ instead }) => instead)),
  );
  t.deepEqual(
    bannedWords.filter(([, instead]) => !found.has(instead)),
    [],
  );
});

for (const text of [
  'It writes `nobody` and ``so `that` ``.',
  'A stand-in for a notoldest word, `is_taken` and is_taken.',
  'On, as it is by default.',
  'See [it](told.md) and https://example.com/taken.',
  'It holds a lock. Nothing is against it: those sessions that expire.',
]) {
  test(`No banned word is found: ${text}`, (t) => {
    t.deepEqual(bannedWordsIn(text), []);
  });
}

test('Comments of TypeScript are found, but no strings, templates or regular expressions.', (t) => {
  const content = [
    "const a = 'a // b'; // After code.",
    '// One,',
    '// two.',
    `const c = \`/* \${d /* In a template. */} // e\`.match(/[/]/* f/);`,
    '/**',
    ' * Returns it:',
    ' *',
    ' * - one',
    ' * - two',
    ' * @param name - its name',
    ' * @example',
    ' * code();',
    ' */',
  ].join('\n');
  t.deepEqual(proseOf('bench/a.ts', content), [
    [1, 'After code.'],
    [2, 'One,\ntwo.'],
    [4, 'In a template.'],
    [6, 'Returns it:'],
    [8, 'one'],
    [9, 'two'],
    [10, 'its name'],
  ]);
});

test('Messages of src and titles of tests are found.', (t) => {
  const message = `throw Error(\`No \${a}: \` + 'use another' + 'x');`;
  t.deepEqual(titlesOf('src/a.ts', message), ['No CCCC: ', 'use another']);
  const title = `test.serial(\`It \${a}.\`, (t) => t.is(1, 1, "not this"));`;
  t.deepEqual(titlesOf('test/a.test.ts', title), ['It CCCC.']);
});

test('Comments, COMMENT strings and messages of SQL are found.', (t) => {
  const content = [
    '-- One,',
    '-- two.',
    "CREATE /*M! OR REPLACE */ PROCEDURE a() COMMENT 'It''s this.",
    "And that.' SIGNAL SET MESSAGE_TEXT = 'no -- comment'; -- Three.",
  ].join('\n');
  t.deepEqual(proseOf('sql/a.sql', content), [
    [3, "It's this.\nAnd that."],
    [1, 'One,\ntwo.'],
    [4, 'Three.'],
  ]);
  t.deepEqual(titlesOf('sql/a.sql', content), ['no -- comment']);
});

test('Paragraphs and list items of Markdown are found, and no code.', (t) => {
  const content = [
    '# Title',
    '',
    'One,',
    'two.',
    '```sh',
    'npm ci',
    '```',
    '- three',
    '  four',
    '',
    '  five',
    '1. six',
    '',
    '| a | b |',
    '|---|---|',
    '> seven',
    '',
    '    code();',
    '<!-- nothing -->',
    '[a]: https://example.com/',
  ].join('\n');
  t.deepEqual(proseOf('docs/a.md', content), [
    [3, 'One,\ntwo.'],
    [8, 'three\n  four'],
    [11, '  five'],
    [12, 'six'],
    [16, 'seven'],
  ]);
  t.deepEqual(titlesOf('docs/a.md', content), ['# Title', '| a | b |']);
});

test('A file of another kind has no texts.', (t) => {
  t.is(textsOf('package.json', '{}'), undefined);
});

const long = `${'word '.repeat(26)}end.`;

for (const [file, content] of [
  ['src/a.ts', `// Whoever comes. ${long}`],
  ['sql/a.sql', `SELECT 1;\n-- Whoever comes. ${long}`],
  ['docs/a.md', `# Title\n\nWhoever comes. ${long}`],
] as const) {
  test(`Each check fails on a bad text in ${file}.`, (t) => {
    const documents = documentsOf(file, content);
    const place = `${file}:${content.split('\n').length}`;
    t.deepEqual(
      [findBannedWords, findWideLines, findLongSentences].map((find) =>
        find(documents).map((finding) => finding.place),
      ),
      [[place], [place], [place]],
    );
    t.is(findHighAverages(documentsOf(file, content.replace('Whoever comes. ', ''))).length, 1);
  });
}

for (const [what, file, content] of [
  ['a test title', 'test/a.test.ts', "test('It is told.', () => {});"],
  ['an error message', 'src/a.ts', `throw new Error(\`\${a} is told.\`);`],
  ['an SQL message', 'sql/a.sql', "SIGNAL SET MESSAGE_TEXT = 'It is told.';"],
  ['a heading', 'README.md', '# What is told'],
  ['a table', 'README.md', '| a | is told |'],
] as const) {
  test(`A banned word in ${what} is found.`, (t) => {
    t.deepEqual(
      findBannedWords(documentsOf(file, content)).map(({ place }) => place),
      [`${file}:1`],
    );
  });
}

test('A line of 100 columns, code and a line of one link are not too wide.', (t) => {
  const wide = 'x'.repeat(120);
  const lines = [
    `// ${'x'.repeat(97)}`,
    `const a = '${wide}';`,
    `// https://example.com/${wide}`,
    `// - [a link](https://example.com/${wide}).`,
  ];
  t.deepEqual(findWideLines(documentsOf('src/a.ts', lines.join('\n'))), []);
  t.is(findWideLines(documentsOf('src/a.ts', `// ${'x'.repeat(98)}`)).length, 1);
  t.deepEqual(findWideLines(documentsOf('docs/a.md', `| ${wide} |\n# ${wide}`)), []);
});

test('Strings in the hooks of a test are no titles.', (t) => {
  const hook = "test.before(() => { run('a statement'); });";
  t.deepEqual(titlesOf('test/a.test.ts', hook), []);
});

test('Only files that start with a path are read.', (t) => {
  const files = readDocuments(root, ['sql/routines/', 'README']).map(({ file }) => file);
  t.true(files.includes('README.md'));
  t.true(files.some((file) => file.startsWith('sql/routines/')));
  t.true(files.every((file) => /^(?:sql\/routines\/|README)/.test(file)));
});

test('Labels of one or two words do not lower the average.', (t) => {
  const [row] = measure(
    documentsOf('docs/a.md', '- one\n- two words\n- and three words\n- it has four words'),
  );
  t.like(row, { group: 'docs/a.md', words: 7, sentences: 2, average: 3.5, longest: 4 });
});

function documentsOf(file: string, content: string): Document[] {
  const document = documentOf(file, content);
  return document ? [document] : [];
}

function proseOf(file: string, content: string): Array<[line: number, text: string]> {
  const texts = textsOf(file, content)?.texts ?? [];
  return texts.filter(({ isProse }) => isProse).map(({ line, text }) => [line, text]);
}

/** Returns messages, titles, headings and rows. C is a character of code. */
function titlesOf(file: string, content: string): string[] {
  const texts = textsOf(file, content)?.texts ?? [];
  return texts.filter(({ isProse }) => !isProse).map(({ text }) => text.replaceAll('\uE000', 'C'));
}

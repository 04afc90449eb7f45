import test from 'ava';
import { expandIncludes, fillPlaceholders } from '../../../src/install/sql/template';

function expand(file: string, includes: Record<string, string>) {
  const files = new Map([['routines/one', file]]);
  return expandIncludes(files, new Map(Object.entries(includes))).get('routines/one');
}

test('An include takes the place of its line, with the indentation of the line.', (t) => {
  const template = expand('BEGIN\n  {{> check}}\n  SELECT 1;\nEND;\n', {
    check: 'IF a THEN\n  SELECT 2;\nEND IF;\n',
  });
  t.deepEqual(template, {
    name: 'one',
    comment: '',
    body: 'BEGIN\n  IF a THEN\n    SELECT 2;\n  END IF;\n  SELECT 1;\nEND;\n',
  });
});

test('An empty line of an include stays empty.', (t) => {
  t.is(
    expand('  {{> two}}\n', { two: 'SELECT 1;\n\nSELECT 2;\n' })?.body,
    '  SELECT 1;\n\n  SELECT 2;\n',
  );
});

test('The comment of an include joins the comment of the file once.', (t) => {
  const template = expand('-- Own.\n{{> a}}\n{{> a}}\n{{> b}}\n', {
    a: '-- From a.\nSELECT 1;\n',
    b: 'SELECT 2;\n',
  });
  t.is(template?.comment, '-- Own.\n-- From a.\n');
  t.is(template?.body, 'SELECT 1;\nSELECT 1;\nSELECT 2;\n');
});

test('An unknown include is an error.', (t) => {
  t.throws(() => expand('{{> none}}\n', {}), {
    message: /routines\/one includes none, which does not/,
  });
});

test('An include without a user is an error.', (t) => {
  t.throws(() => expand('SELECT 1;\n', { unused: 'SELECT 2;\n' }), {
    message: /No file includes unused/,
  });
});

for (const [what, text] of [
  ['An include in an include', '{{> outer}}\n'],
  ['An include that shares its line', 'SELECT {{> value}}\n'],
] as const) {
  test(`${what} is an error.`, (t) => {
    const includes = { outer: '{{> value}}\n', value: '1\n' };
    const templates = expandIncludes(
      new Map([
        ['one', text],
        ['two', '{{> outer}}\n{{> value}}\n'],
      ]),
      new Map(Object.entries(includes)),
    );
    t.throws(() => fillPlaceholders(templates.get('one')?.body ?? '', { value: '1' }), {
      message: /\{\{> value\}\} is no placeholder/,
    });
  });
}

test('A placeholder takes its value.', (t) => {
  t.is(
    fillPlaceholders('{{table}}.{{sid}} sid {table} `table`', { table: '`t`', sid: '`id`' }),
    '`t`.`id` sid {table} `table`',
  );
});

for (const placeholder of ['{{tabel}}', '{{ table }}', '{{}}', '{{toString}}', '{{#table}}']) {
  test(`The unknown placeholder ${placeholder} is an error.`, (t) => {
    t.throws(() => fillPlaceholders(`SELECT ${placeholder}`, { table: '`t`' }), {
      message: `Broken SQL template: ${placeholder} is no placeholder. Placeholders: table`,
    });
  });
}

for (const text of ['SELECT 1 FROM {{table', 'SELECT 1 FROM table}}']) {
  test(`A placeholder that is not paired is an error: ${text}.`, (t) => {
    t.throws(() => fillPlaceholders(text, { table: '`t`' }), {
      message: /no beginning or no end: SELECT 1 FROM/,
    });
  });
}

test('A placeholder whose value is missing is an error.', (t) => {
  const values: Record<string, string> = JSON.parse('{"table": null}');
  t.throws(() => fillPlaceholders('SELECT {{table}}', values), {
    message: /\{\{table\}\} has no value/,
  });
});

test('A value may contain the text of a placeholder, and keeps it.', (t) => {
  t.is(fillPlaceholders('{{path}}{{sid}}', { path: '$."{{sid}}"', sid: '$&' }), '$."{{sid}}"$&');
});

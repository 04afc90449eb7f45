import test from 'ava';
import fc from 'fast-check';
import type { Attribute } from '../../../src/install';
import { createAttributed, found, save, userId } from './attributed';

const at = (type: string): Attribute => ({ ...userId, name: 'value', path: '$.value', type });

test('A find compares text byte by byte.', async (t) => {
  const installation = await createAttributed(t, [at('VARCHAR(64)')]);
  const texts = [
    'bob',
    'bob ',
    ' bob',
    'Bob',
    'bób',
    'bo\u0301b',
    'bob\n',
    'bob\0',
    '',
    ' ',
    '😀',
    'b\'o"b\\',
    '42',
    'null',
  ];
  for (const [index, value] of texts.entries()) {
    await save(installation, `s${index}`, { value });
  }
  for (const [index, value] of texts.entries()) {
    t.deepEqual(await found(installation, 'value', value), [`s${index}`], JSON.stringify(value));
  }
});

test('Text that fits the type is found. Longer text can be saved, but not found.', async (t) => {
  const installation = await createAttributed(t, [at('VARCHAR(3)')]);
  const values = ['abc', 'abcd', '😀😀😀', '😀😀😀😀', 'x'.repeat(100_000)];
  for (const [index, value] of values.entries()) {
    await save(installation, `s${index}`, { value });
  }
  const finds = await Promise.all(values.map((value) => found(installation, 'value', value)));
  t.deepEqual(finds, [['s0'], [], ['s2'], [], []]);
});

test('A text attribute finds an integer by its digits.', async (t) => {
  const installation = await createAttributed(t, [at('VARCHAR(64)')]);
  await save(installation, 'number', { value: 42 });
  await save(installation, 'text', { value: '42' });
  await save(installation, 'least', { value: -9007199254740991 });
  t.deepEqual(await found(installation, 'value', '42'), ['number', 'text']);
  t.deepEqual(await found(installation, 'value', '-9007199254740991'), ['least']);
  t.deepEqual(await found(installation, 'value', '042'), []);
});

test('A value that is neither text nor integer can be saved, but not found.', async (t) => {
  const installation = await createAttributed(t, [at('VARCHAR(64)')]);
  const values = [true, false, null, 1.5, 1e300, [], ['a'], {}, { a: 'a' }];
  for (const [index, value] of values.entries()) {
    await save(installation, `s${index}`, { value });
  }
  await save(installation, 'none', {});
  const rows = await installation.query('SELECT sid FROM sessions WHERE value IS NOT NULL');
  t.deepEqual(rows, []);
  t.is((await installation.query('SELECT 1 FROM sessions')).length, values.length + 1);
});

const ranges: Record<string, [least: string, most: string]> = {
  INT: ['-2147483648', '2147483647'],
  'INT UNSIGNED': ['0', '4294967295'],
  BIGINT: ['-9223372036854775808', '9223372036854775807'],
  'BIGINT UNSIGNED': ['0', '18446744073709551615'],
};
for (const [type, [least, most]] of Object.entries(ranges)) {
  test(`${type} finds its smallest and its largest value. Values beyond can be saved.`, async (t) => {
    const installation = await createAttributed(t, [at(type)]);
    const beyond = [
      (BigInt(least) - 1n).toString(),
      (BigInt(most) + 1n).toString(),
      '1e3',
      '1.5',
      '9'.repeat(300),
    ];
    for (const value of [least, most, '7', ...beyond]) {
      // Sent as text, because JavaScript numbers can't hold them.
      await installation.ask('CALL sess_set(?, ?, 60000)', [
        Buffer.from(`n${value}`.slice(0, 40)),
        Buffer.from(`{"value":${value}}`),
      ]);
    }
    t.deepEqual(await found(installation, 'value', least), [`n${least}`]);
    t.deepEqual(await found(installation, 'value', most), [`n${most}`]);
    for (const value of [...beyond, '007', '7 ', '+7', '7.0', '-0', '', 'seven', "7' OR '1'='1"]) {
      t.deepEqual(await found(installation, 'value', value), [], value);
    }
  });
}

test('An integer attribute does not find digits that are text.', async (t) => {
  const installation = await createAttributed(t, [at('INT')]);
  await save(installation, 'text', { value: '42' });
  t.deepEqual(await found(installation, 'value', '42'), []);
});

test('A path may contain quoted keys and array indexes.', async (t) => {
  const paths = ['$."user id"', '$.ids[1]', '$."größe"."a.b?{}$1"'];
  const installation = await createAttributed(
    t,
    paths.map((path, index) => ({ name: `at${index}`, path, type: 'VARCHAR(9)' })),
  );
  await save(installation, 'a', { 'user id': 'x', ids: [1, 'y'], größe: { 'a.b?{}$1': 'z' } });
  const finds = await Promise.all(
    ['x', 'y', 'z'].map((value, index) => found(installation, `at${index}`, value)),
  );
  t.deepEqual(finds, [['a'], ['a'], ['a']]);
});

test('Any JSON value can be saved. Text and integers that fit can be found.', async (t) => {
  const installation = await createAttributed(t, [
    at('VARCHAR(8)'),
    { ...at('INT'), name: 'number' },
  ]);
  const values = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary', maxLength: 10 }),
    fc.integer({ min: -(2 ** 33), max: 2 ** 33 }),
    fc.constantFrom('bob', 'bob ', 'BOB', 7, '7', 7.5, '', ' '),
  );
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      await save(installation, 's', { value });
      const text = typeof value === 'string' && [...value].length <= 8 ? value : undefined;
      const integer =
        typeof value === 'number' && Number.isSafeInteger(value)
          ? BigInt(value).toString()
          : undefined;
      const spelt = text ?? (integer !== undefined && integer.length <= 8 ? integer : undefined);
      const isInt = integer !== undefined && Math.abs(Number(integer) + 0.5) < 2 ** 31;
      t.deepEqual(
        await found(installation, 'value', spelt ?? 'missing!'),
        spelt === undefined ? [] : ['s'],
      );
      t.deepEqual(await found(installation, 'number', integer ?? '1'), isInt ? ['s'] : []);
    }),
    { numRuns: 150 },
  );
});

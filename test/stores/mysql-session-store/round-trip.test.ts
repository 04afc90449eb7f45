import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { ArgumentError } from '../../../src';
import { isFullRun } from '../../support/scale';
import { createStore, session } from '../../support/store';

// These keys are special in JSON paths, SQL, templates or prototypes.
const awkwardKeys = [
  '',
  ' ',
  '.',
  '$',
  '$.a',
  '$[0]',
  '"',
  "'",
  '\\',
  '`',
  '*',
  '**',
  '?',
  ':name',
  '%',
  '--',
  '__proto__',
  'constructor',
  'toString',
  'a.b',
  'a"b',
  '\u0000',
  '\n',
  '😀',
  'é',
  'É',
];

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom(...awkwardKeys));

const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  // The largest exact integers of servers, and numbers that JavaScript writes with an exponent.
  fc.constantFrom(
    2 ** 53,
    2 ** 63,
    -(2 ** 63),
    2 ** 64,
    2 ** 65,
    1e20,
    1e21,
    1e-7,
    5e-324,
    Number.MAX_VALUE,
    0.1,
  ),
);

const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('tree')),
    fc.dictionary(text, tie('tree')),
  ),
  leaf: fc.oneof(fc.constant(null), fc.boolean(), number, text),
}));

/** Nests the value in so many objects and arrays. */
function nested(value: unknown, levels: number): unknown {
  return levels === 0 ? value : nested(levels % 2 ? [value] : { deeper: value }, levels - 1);
}

const total = isFullRun ? 10_000 : 1_000;
const batchSize = 20;

test('Each of 10,000 random JSON values is equal after a set and a get.', async (t) => {
  t.timeout(300_000);
  const { store, query } = await createStore(t);
  const [version] = await query('CALL sess_version()');
  // The session is one level, and a tree has at most seven.
  const maxNesting = Number(version?.[1]) - 8;
  const value = fc
    .tuple(tree, fc.oneof(fc.constant(0), fc.nat(maxNesting)))
    .map(([inner, levels]) => nested(inner, levels));
  let compared = 0;

  const isEqualAfterRoundTrip = async (original: unknown, n: number): Promise<boolean> => {
    await store.set(`sid-${n}`, session(original));
    const found = await store.get(`sid-${n}`);
    compared++;
    return isDeepStrictEqual(found?.value, JSON.parse(JSON.stringify(original)));
  };
  const allAreEqual = fc.asyncProperty(
    fc.array(value, { minLength: batchSize, maxLength: batchSize }),
    async (values) => (await Promise.all(values.map(isEqualAfterRoundTrip))).every(Boolean),
  );
  await t.notThrowsAsync(fc.assert(allAreEqual, { numRuns: total / batchSize }));
  t.is(compared, total);
});

test('A key that is too long for MySQL is stored or refused.', async (t) => {
  const { store } = await createStore(t);
  const value = { ['k'.repeat(65_536)]: 1 };
  try {
    await store.set('sid', session(value));
  } catch (error) {
    t.true(error instanceof ArgumentError && error.argument === 'session');
    return;
  }
  t.deepEqual((await store.get('sid'))?.value, value);
});

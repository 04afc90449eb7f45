import test from 'ava';
import fc from 'fast-check';
import { hasLoneSurrogate, jsonDepth } from '../../src/util/json-text';

function depthOf(value: unknown): number {
  return typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;
}

test('The depth of a JSON text is the depth of its value.', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 8 }),
        (value) => jsonDepth(JSON.stringify(value)) === depthOf(value),
      ),
      { numRuns: 1_000 },
    ),
  );
});

test('Brackets and quotes in strings do not add to the depth.', (t) => {
  t.is(jsonDepth(JSON.stringify({ '[{"\\': ['}]"', '\\"{'] })), 2);
});

for (const half of ['\ud83d', '\ude00', 'a\ud83d!', '\\\ud83d']) {
  test(`${JSON.stringify(half)} has half of a surrogate pair.`, (t) => {
    t.true(hasLoneSurrogate(JSON.stringify({ text: half })));
  });
}

for (const whole of ['😀', 'plain', '\\ud83d', '\u0000', 'd83d']) {
  test(`${JSON.stringify(whole)} has no half of a surrogate pair.`, (t) => {
    t.false(hasLoneSurrogate(JSON.stringify({ text: whole })));
  });
}

test('A surrogate pair in two escapes is whole.', (t) => {
  t.false(hasLoneSurrogate('"\\ud83d\\ude00"'));
});

import test from 'ava';
import fc from 'fast-check';
import {
  equalsWithoutBlanks,
  hasLoneSurrogate,
  jsonDepth,
  splitObject,
} from '../../src/util/json-text';
import { isFullRun } from '../support/scale';

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

// The regular expressions of an earlier version ran out of stack or memory from 8 MB on.
const megabytes = isFullRun ? 64 : 6;

for (const [text, part] of [
  ['brackets', '['],
  ['strings', '"a",'],
  ['escaped quotation marks', '\\"'],
  ['pairs of escapes', '\\ud83d\\ude00'],
] as const) {
  test(`A text of ${megabytes} MB of ${text} is read.`, (t) => {
    const json = `["${part.repeat((megabytes * 1024 * 1024) / part.length)}`;
    t.true(jsonDepth(json) >= 1);
    t.false(hasLoneSurrogate(json));
    t.true(hasLoneSurrogate(`${json}\\ude00`));
  });
}

test('Deep nesting is counted.', (t) => {
  const depth = megabytes * 1024 * 1024;
  t.is(jsonDepth('['.repeat(depth)), depth);
});

test('An object is split into the texts of its values.', (t) => {
  t.deepEqual(
    [...(splitObject(' { "a" : [1, {"b": "}"}] ,"c\\"":"\\\\", "d":-1.5e3 , "": {} } ') ?? [])],
    [
      ['a', '[1, {"b": "}"}]'],
      ['c"', '"\\\\"'],
      ['d', '-1.5e3'],
      ['', '{}'],
    ],
  );
});

test('The last of two equal keys counts, as in JSON.parse.', (t) => {
  t.deepEqual(
    [...(splitObject('{"a":1,"b":2,"\\u0061":3}') ?? [])],
    [
      ['a', '3'],
      ['b', '2'],
    ],
  );
});

test('The split of a JSON text has the members of its value.', (t) => {
  const object = fc.dictionary(
    fc.string({ unit: 'binary' }),
    fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
  );
  fc.assert(
    fc.property(object, fc.constantFrom(undefined, 1, '\t', '\n'), (value, indentation) => {
      const json = JSON.stringify(value, null, indentation);
      const members = [...(splitObject(json) ?? [])].map(([key, text]) => [key, JSON.parse(text)]);
      t.deepEqual(Object.fromEntries(members), JSON.parse(json));
    }),
    { numRuns: isFullRun ? 10_000 : 1_000 },
  );
});

test('Only an object is split.', (t) => {
  for (const json of ['[]', '1', 'null', '"{}"', ' true']) t.is(splitObject(json), undefined, json);
});

test('A text equals the same text with white space between its tokens.', (t) => {
  const values = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
  fc.assert(
    fc.property(values, fc.constantFrom(' ', '\t', '\n  '), (value, blanks) => {
      t.true(equalsWithoutBlanks(JSON.stringify(value, null, blanks), JSON.stringify(value)));
    }),
  );
});

for (const [json, compact] of [
  ['{"a": 1}', '{"a":2}'],
  ['[1, 2]', '[1,2,3]'],
  ['[1, 2, 3]', '[1,2]'],
  ['"a b"', '"ab"'],
  ['"ab"', '"a b"'],
  [String.raw`"\" b"`, String.raw`"\"b"`],
  [String.raw`["\\", " "]`, String.raw`["\\",""]`],
] as const) {
  test(`${json} does not equal ${compact}.`, (t) => {
    t.false(equalsWithoutBlanks(json, compact));
  });
}

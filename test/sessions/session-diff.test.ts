import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { diffSessions } from '../../src/sessions/session-diff';

const diffTexts = (before: string, after: string) =>
  diffSessions(before, after, (_key, one, other) => isDeepStrictEqual(one, other));

const diff = (before: unknown, after: unknown) =>
  diffTexts(JSON.stringify(before), JSON.stringify(after));

const noChange = { changed: [], removed: [] };

test('Equal sessions have an empty diff.', (t) => {
  t.deepEqual(diff({ user: { id: 1 }, tags: ['a'] }, { user: { id: 1 }, tags: ['a'] }), noChange);
});

test('A diff has the new keys, the keys with another value, and the removed keys.', (t) => {
  const before = { same: 1, other: { deep: 1 }, gone: 1 };
  t.deepEqual(diff(before, { same: 1, other: { deep: 2 }, new: null }), {
    changed: [
      ['other', '{"deep":2}'],
      ['new', 'null'],
    ],
    removed: ['gone'],
  });
});

test('A key that only the prototype has is a new key.', (t) => {
  t.deepEqual(diff({}, { constructor: 1 }), { changed: [['constructor', '1']], removed: [] });
});

test('The key __proto__ is a key like any other.', (t) => {
  const before = '{"__proto__":1}';
  t.deepEqual(diffTexts(before, '{"__proto__":2}'), {
    changed: [['__proto__', '2']],
    removed: [],
  });
  t.deepEqual(diffTexts(before, '{}'), { changed: [], removed: ['__proto__'] });
});

test('White space that a server adds to the text is no change.', (t) => {
  t.deepEqual(diffTexts('{ "a" : [1, 2] }', '{"a":[1,2]}'), noChange);
});

test('Values are equal if isSameValue says so.', (t) => {
  const isSameValue = (key: string) => key === 'a';
  t.deepEqual(diffSessions('{"a":1,"b":1}', '{"a":2,"b":2}', isSameValue), {
    changed: [['b', '2']],
    removed: [],
  });
});

for (const text of ['[]', '"text"', 'null', '1']) {
  test(`The text ${text} has no diff.`, (t) => {
    t.is(diffTexts(text, '{}'), undefined);
    t.is(diffTexts('{}', text), undefined);
  });
}

test('A diff turns the old session into the new one.', (t) => {
  const key = fc.string({ maxLength: 2 });
  const session = fc
    .dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 8 })
    .map((data): Record<string, unknown> => JSON.parse(JSON.stringify(data)));
  fc.assert(
    fc.property(session, session, (before, after) => {
      const { changed, removed } = diff(before, after) ?? noChange;
      const kept = Object.entries(before).filter(([key]) => !removed.includes(key));
      const set = changed.map(([key, json]) => [key, JSON.parse(json)]);
      t.deepEqual(Object.fromEntries([...kept, ...set]), after);
    }),
  );
});

import test from 'ava';
import { createStore, session } from '../../support/store';

const values: Record<string, unknown> = {
  'a key named __proto__': JSON.parse('{"__proto__": {"polluted": true}}'),
  'a key named constructor': { constructor: { prototype: 1 }, toString: null },
  quotes: { "it's": 'a "quote" \\ and a `backtick`' },
  SQL: "'; DROP TABLE sessions; -- \\'; %00 ? ?? :name",
  'letters and emoji': 'Zoë 日本語 👩‍👩‍👧 🏳️‍🌈',
  'the null character': 'a\u0000b',
  'control characters': '\u0001\b\t\n\u001f\u007f\u2028',
  'a text of 200 KB': 'x'.repeat(100_000) + 'é'.repeat(50_000),
  'an empty key': { '': { '': [] } },
  numbers: [0, -0.5, 1e21, 5e-324, Number.MAX_SAFE_INTEGER, 0.1],
  'empty values': [null, {}, [], '', false],
};

for (const [name, value] of Object.entries(values)) {
  test(`A session with ${name} is equal after a set and a get.`, async (t) => {
    const { store } = await createStore(t);
    await store.set('sid', session(value));
    t.deepEqual((await store.get('sid'))?.value, value);
  });
}

test('A key named __proto__ does not become a prototype.', async (t) => {
  const { store } = await createStore(t);
  await store.set('sid', session(JSON.parse('{"__proto__": {"polluted": true}}')));
  const { value } = Object((await store.get('sid')) ?? {});
  t.deepEqual(
    [Object.keys(value), value.polluted, Object({}).polluted],
    [['__proto__'], undefined, undefined],
  );
});

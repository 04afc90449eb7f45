import test from 'ava';
import { matchDatabases, parseDatabaseList } from '../../../src/cli/support/database-list';
import { ArgumentError } from '../../../src/errors';

const existing = [
  'mysql',
  'shop',
  'shopX1',
  'shop_1',
  'shop_2',
  'Shop_3',
  'shops',
  'sys',
  'a%b',
  'a,b',
  'web-shop-1',
];

function match(list: string, ignoresCase = false): string[] {
  return parseDatabaseList('databases', list).flatMap((item) =>
    matchDatabases('databases', item, existing, ignoresCase),
  );
}

for (const [list, names] of [
  ['shop', ['shop']],
  ['shop_1', ['shop_1']],
  ['shop_1, shop_2', ['shop_1', 'shop_2']],
  ['unseen,shop', ['unseen', 'shop']],
  ['shop_%', ['shop_1', 'shop_2']],
  [String.raw`shop\_%`, ['shop_1', 'shop_2']],
  ['%_2,shop', ['shop_2', 'shop']],
  ['shop%1', ['shopX1', 'shop_1']],
  ['%', existing.filter((name) => name !== 'mysql' && name !== 'sys')],
  [String.raw`a\%b`, ['a%b']],
  [String.raw`a\,b`, ['a,b']],
  ['web-shop-%', ['web-shop-1']],
  ['w.b-%,w?b%', undefined],
] as const) {
  test(`--databases ${list} is ${names?.join(' and ') ?? 'an error'}.`, (t) => {
    if (names === undefined) t.throws(() => match(list), { instanceOf: ArgumentError });
    else t.deepEqual(match(list), [...names]);
  });
}

test('A server that ignores the case of names ignores it in a pattern too.', (t) => {
  t.deepEqual(match('shop_%', true), ['shop_1', 'shop_2', 'Shop_3']);
});

for (const [list, message] of [
  ['', /^Expected `databases` to be the name of a database: 1 to 64 characters, .*, got no name$/],
  ['shop,', /got no name$/],
  [',shop', /got no name$/],
  ['a'.repeat(65), /got a string of 65 characters$/],
  ['a\nb', /^Expected `databases` to be the name of a database/],
  ['nothing%', /account may see, got "nothing%", which matches none$/],
] as const) {
  test(`A list is refused: ${JSON.stringify(list)}`, (t) => {
    t.throws(() => match(list), { instanceOf: ArgumentError, message });
  });
}

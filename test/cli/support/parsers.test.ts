import test from 'ava';
import { parseServerUrl } from '../../../src/cli/support/parsers';
import { ArgumentError } from '../../../src/errors';

for (const url of [
  'mysql://dba@db.example/shop',
  'mariadb://dba:s%40cret@[::1]:3307/shop?charset=utf8mb4',
]) {
  test(`The URL of a database is accepted: ${url}`, (t) => {
    t.is(parseServerUrl(url).href, url);
  });
}

const refused = [
  [undefined, 'none'],
  ['', 'none'],
  ['db.example', 'no URL'],
  ['mysql://dba:se#cret@db.example/shop', '%23 for #'],
  ['postgres://dba:secret@db.example/shop', 'mysql:// or mariadb://'],
  ['mysql://dba:secret@db.example', 'the name of a database'],
  ['mysql://dba:secret@db.example/', 'the name of a database'],
  ['mysql://dba:secret@db.example/shop/sessions', 'the name of a database'],
  ['mysql://dba:100%secret@db.example/shop', '%25'],
] as const;
for (const [url, got] of refused) {
  test(`A refused URL is not shown, but the reason is: ${url}`, (t) => {
    const error = t.throws(() => parseServerUrl(url), { instanceOf: ArgumentError });
    t.regex(String(error?.message), /^Expected `url` to be a URL such as mysql:\/\/(?:app|dba)@/);
    t.true(error?.message.includes(got), error?.message);
    t.notRegex(String(error?.message), /cret/);
  });
}

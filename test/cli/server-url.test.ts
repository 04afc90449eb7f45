import test from 'ava';
import { parseServerUrl } from '../../src/cli/server-url';
import { ArgumentError } from '../../src/errors';

for (const url of ['mysql://dba@db.example/shop', 'mariadb://dba:s%40cret@[::1]:3307/shop?charset=utf8mb4']) {
  test(`${url} is the URL of a database.`, (t) => {
    t.is(parseServerUrl(url).href, url);
  });
}

const refused = [
  [undefined, 'none'],
  ['', 'none'],
  ['db.example', 'no URL'],
  ['mysql://dba:se#cret@db.example/shop', 'percent-encoded'],
  ['postgres://dba:secret@db.example/shop', 'mysql:// or mariadb://'],
  ['mysql://dba:secret@db.example', 'not the name of a database'],
  ['mysql://dba:secret@db.example/', 'not the name of a database'],
  ['mysql://dba:secret@db.example/shop/sessions', 'not the name of a database'],
  ['mysql://dba:100%secret@db.example/shop', '%25'],
] as const;
for (const [url, got] of refused) {
  test(`${url} is refused with the reason, and without showing it.`, (t) => {
    const error = t.throws(() => parseServerUrl(url), { instanceOf: ArgumentError });
    t.true(error?.message.startsWith('Expected `url` to be a URL such as mysql://dba@db.example/shop'));
    t.true(error?.message.includes(got), error?.message);
    t.notRegex(String(error?.message), /cret/);
  });
}

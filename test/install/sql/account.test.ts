import test from 'ava';
import { ArgumentError } from '../../../src/errors';
import { formatAccount, parseAccount, quoteAccount } from '../../../src/install/sql/account';

const accounts = [
  ['app', 'app', '%'],
  ['app@localhost', 'app', 'localhost'],
  ["app@'10.0.%'", 'app', '10.0.%'],
  ["'app'@'10.0.%'", 'app', '10.0.%'],
  ["'a@b'@db.example", 'a@b', 'db.example'],
  ["'app'", 'app', '%'],
] as const;
for (const [text, user, host] of accounts) {
  test(`${text} is the user ${user} at the host ${host}.`, (t) => {
    t.deepEqual(parseAccount(text), { user, host });
  });
}

for (const text of ['', '@', '@localhost', 'app@', "a'b", 'a`b', 'a\\b', 'a\nb', 'a@b@c', "'app"]) {
  test(`${JSON.stringify(text)} is not an account.`, (t) => {
    const error = t.throws(() => parseAccount(text), { instanceOf: ArgumentError });
    t.is(error?.argument, 'account');
  });
}

test('A formatted account parses to the same account.', (t) => {
  const account = { user: 'shop.app', host: '192.168.%' };
  t.deepEqual(parseAccount(formatAccount(account)), account);
});

test('quoteAccount formats an account in backticks.', (t) => {
  t.is(quoteAccount({ user: 'app', host: '%' }), '`app`@`%`');
});

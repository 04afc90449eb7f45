import test from 'ava';
import { ArgumentError } from '../../src/errors';
import { formatAccount, parseAccount, quoteAccount } from '../../src/install/account';

const accounts = [
  ['app', 'app', '%'],
  ['app@localhost', 'app', 'localhost'],
  ["app@'10.0.%'", 'app', '10.0.%'],
  ["'app'@'10.0.%'", 'app', '10.0.%'],
  ["'a@b'@db.example", 'a@b', 'db.example'],
  ["'app'", 'app', '%'],
] as const;
for (const [text, user, host] of accounts) {
  test(`${text} is the user ${user} from ${host}.`, (t) => {
    t.deepEqual(parseAccount(text), { user, host });
  });
}

for (const text of ['', '@', '@localhost', 'app@', "a'b", 'a`b', 'a\\b', 'a\nb', 'a@b@c', "'app"]) {
  test(`${JSON.stringify(text)} is refused as an account.`, (t) => {
    const error = t.throws(() => parseAccount(text), { instanceOf: ArgumentError });
    t.is(error?.argument, 'account');
  });
}

test('An account that was written out reads the same again.', (t) => {
  const account = { user: 'shop.app', host: '192.168.%' };
  t.deepEqual(parseAccount(formatAccount(account)), account);
});

test('An account stands in a statement in backticks.', (t) => {
  t.is(quoteAccount({ user: 'app', host: '%' }), '`app`@`%`');
});

import test from 'ava';
import { formatCommand } from '../../src/install/command';

test('A suggested command without names has no options.', (t) => {
  t.is(formatCommand('migrate', {}), 'knex-mysql-session migrate');
});

test('A suggested command has the given names, quoted for a shell.', (t) => {
  t.is(
    formatCommand('grant ACCOUNT', { table: 'logins', prefix: 'lg$', sidColumn: 'login' }),
    "knex-mysql-session grant ACCOUNT --table logins --prefix 'lg$' --sid-column login",
  );
});

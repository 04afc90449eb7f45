import test from 'ava';
import { formatCommand } from '../../src/install/command';

test('A suggested command leaves out the default names.', (t) => {
  const names = { table: 'sessions', prefix: 'sess_', sidColumn: 'sid' };
  t.is(formatCommand('migrate', names), 'knex-mysql-session migrate');
  t.is(formatCommand('migrate', {}), 'knex-mysql-session migrate');
});

test('A suggested command has the other names, quoted for a shell.', (t) => {
  t.is(
    formatCommand('grant ACCOUNT', { table: 'logins', prefix: 'lg$', sidColumn: 'login' }),
    "knex-mysql-session grant ACCOUNT --table logins --prefix 'lg$' --sid-column login",
  );
});

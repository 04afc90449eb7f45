import test from 'ava';
import { ArgumentError } from '../../../src/errors';
import { definerName, isOwnComment, markerOf, resolveNames } from '../../../src/install/sql/names';
import { quoteIdentifier } from '../../../src/util/identifiers';

test('Names default to the documented ones.', (t) => {
  t.deepEqual(resolveNames(), {
    table: 'sessions',
    prefix: 'sess_',
    sidColumn: 'sid',
    index: 'sessions_expired_idx',
    flags: {},
    migrationLog: 'sessions_migrations',
  });
});

test('The index and the log are named after the table.', (t) => {
  const { index, migrationLog } = resolveNames({ table: 'logins' });
  t.deepEqual([index, migrationLog], ['logins_expired_idx', 'logins_migrations']);
});

const refused = [
  { table: 'a b' },
  { table: '' },
  { table: '1st' },
  { table: 'x`y' },
  { table: 'x'.repeat(46) },
  { prefix: 'p-' },
  { prefix: 'p'.repeat(21) },
  { sidColumn: "sid'" },
  { sidColumn: 'x'.repeat(65) },
];
for (const naming of refused) {
  test(`The name ${JSON.stringify(naming)} is an argument error.`, (t) => {
    const error = t.throws(() => resolveNames(naming), { instanceOf: ArgumentError });
    t.deepEqual([error?.argument], Object.keys(naming));
  });
}

test('The longest names leave room for index, log and marker.', (t) => {
  const names = resolveNames({ table: 'x'.repeat(45), prefix: 'p'.repeat(20) });
  for (const name of [names.index, names.migrationLog, markerOf(names)]) {
    t.true(name.length <= 64, name);
  }
});

test('The marker names the package and the table.', (t) => {
  t.is(markerOf(resolveNames({ table: 'logins' })), 'knex-mysql-session:logins');
});

for (const comment of ['knex-mysql-session:logins', 'Reads.\nIN x.\nknex-mysql-session:logins']) {
  test(`A COMMENT whose last line is the marker is ours: ${JSON.stringify(comment)}.`, (t) => {
    t.true(isOwnComment({ table: 'logins' }, comment));
  });
}

for (const comment of [
  '',
  'logins',
  'Reads from `logins`.',
  'Calls the routines of knex-mysql-session:logins',
  'knex-mysql-session:logins is ours',
  'knex-mysql-session:logins\nby a DBA',
  'knex-mysql-session:logins2',
  'my-knex-mysql-session:logins',
]) {
  test(`A COMMENT without the exact marker is not ours: ${JSON.stringify(comment)}.`, (t) => {
    t.false(isOwnComment({ table: 'logins' }, comment));
  });
}

test('A COMMENT with the table in other letter case is ours: a server may fold it.', (t) => {
  t.true(isOwnComment({ table: 'logins' }, 'Reads.\nknex-mysql-session:Logins'));
});

test("The session id column can't have the name of another column.", (t) => {
  t.throws(() => resolveNames({ sidColumn: 'Expired' }), {
    instanceOf: ArgumentError,
    message: /expired/,
  });
});

test("The session id column can't have the name of a routine's variable.", (t) => {
  t.throws(() => resolveNames({ sidColumn: 'p_sid' }), {
    instanceOf: ArgumentError,
    message: /^Expected `sidColumn` to be a name without the prefix p_ or v_: .*, got 'p_sid'$/,
  });
});

test('The definer is named after the database and the prefix.', (t) => {
  t.is(definerName('shop', resolveNames({ prefix: 'admin_' })), 'shop.admin_');
});

test('A definer whose name would be too long gets a unique short name.', (t) => {
  const names = resolveNames();
  const one = definerName(`${'x'.repeat(60)}1`, names);
  const other = definerName(`${'x'.repeat(60)}2`, names);
  t.true(one.length <= 32);
  t.not(one, other);
});

test('The name of a definer contains only safe characters.', (t) => {
  t.regex(definerName("o'shop`", resolveNames()), /^[\w$.]+$/);
});

test('A backtick in a quoted name is doubled.', (t) => {
  t.is(quoteIdentifier('a`b'), '`a``b`');
});

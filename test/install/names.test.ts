import test from 'ava';
import { ArgumentError } from '../../src/errors';
import { definerName, namesOf, quoteIdentifier } from '../../src/install/names';

test('Names that nobody chose are the default ones.', (t) => {
  t.deepEqual(namesOf(), {
    table: 'sessions',
    prefix: 'sess_',
    sidColumn: 'sid',
    index: 'sessions_expired_idx',
    migrationLog: 'sessions_migrations',
  });
});

test('The index and the log are named after the table.', (t) => {
  const { index, migrationLog } = namesOf({ table: 'logins' });
  t.deepEqual([index, migrationLog], ['logins_expired_idx', 'logins_migrations']);
});

const refused = [
  { table: 'a b' },
  { table: '' },
  { table: '1st' },
  { table: 'x`y' },
  { table: 'x'.repeat(53) },
  { prefix: 'p-' },
  { prefix: 'p'.repeat(21) },
  { sidColumn: "sid'" },
  { sidColumn: 'x'.repeat(65) },
];
for (const naming of refused) {
  test(`A name that could not be spliced into SQL is refused: ${JSON.stringify(naming)}.`, (t) => {
    const error = t.throws(() => namesOf(naming), { instanceOf: ArgumentError });
    t.deepEqual([error?.argument], Object.keys(naming));
  });
}

test('The longest names leave room for what is added to them.', (t) => {
  const { index, migrationLog } = namesOf({ table: 'x'.repeat(52), prefix: 'p'.repeat(20) });
  t.true(index.length <= 64 && migrationLog.length <= 64);
});

test("The column for the session's id can't have the name of another column.", (t) => {
  t.throws(() => namesOf({ sidColumn: 'Expired' }), { instanceOf: ArgumentError, message: /expired/ });
});

test('The definer is named after the database and the prefix.', (t) => {
  t.is(definerName('shop', namesOf({ prefix: 'admin_' })), 'shop.admin_');
});

test('A definer whose name would be too long has a shorter one of its own.', (t) => {
  const names = namesOf();
  const one = definerName(`${'x'.repeat(60)}1`, names);
  const other = definerName(`${'x'.repeat(60)}2`, names);
  t.true(one.length <= 32);
  t.not(one, other);
});

test('A definer takes no character of a database that would not be safe in a name.', (t) => {
  t.regex(definerName("o'shop`", namesOf()), /^[\w$.]+$/);
});

test('A backtick in a quoted name is doubled.', (t) => {
  t.is(quoteIdentifier('a`b'), '`a``b`');
});

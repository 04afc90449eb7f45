import test from 'ava';
import { ArgumentError, MySQLSessionStore } from '../../../src';
import { grant, install, rollback, status } from '../../../src/install';
import { grantsOf } from '../../install/catalog';
import { createDatabase, type TestDatabase } from '../../support/database';
import { session } from '../../support/store';

// The test puts the database's name first, because `grantsOf` finds accounts by it.
const suffixes = [
  '" or 1=1',
  ' a b',
  ';DROP USER x;--',
  '%',
  '_',
  '?',
  '??',
  '$1$&',
  '/*x*/',
  '#',
  'é',
  '表',
];

const password = 'aA1!-not-a-secret';

async function createAccount({ query }: TestDatabase, user: string): Promise<void> {
  await query(`CREATE USER \`${user}\`@\`%\` IDENTIFIED BY '${password}'`);
}

for (const charset of ['utf8mb4', 'latin1', 'gbk', 'sjis']) {
  test(`Accounts with hostile names work after a grant over a connection in ${charset}.`, async (t) => {
    const database = await createDatabase(t);
    const connection = { uri: database.url, charset };
    await install({ connection });
    for (const suffix of suffixes) {
      const user = `${database.name}${suffix}`;
      await createAccount(database, user);
      await grant({ connection }, `${user}@%`);
      const url = Object.assign(new URL(database.url), {
        username: encodeURIComponent(user),
        password,
      });
      const store = new MySQLSessionStore({ connection: url.href, disableDbCleanup: true });
      t.teardown(() => store.close());
      await store.set('a', session(suffix));
      t.is((await store.get('a'))?.value, suffix);
    }
  });
}

test('The status shows hostile names of accounts unchanged.', async (t) => {
  const database = await createDatabase(t);
  const connection = { uri: database.url, charset: 'latin1' };
  await install({ connection });
  for (const suffix of suffixes) {
    await createAccount(database, `${database.name}${suffix}`);
    await grant({ connection }, `${database.name}${suffix}@%`);
  }
  const { grants, upToDate } = await status({ connection });
  const names = suffixes.map((suffix) => `'${database.name}${suffix}'@'%'`);
  t.deepEqual([upToDate, grants.map(({ account }) => account).sort()], [true, names.sort()]);
});

test('A grant to an account with a wildcard in its name gives nothing to accounts that match it.', async (t) => {
  const database = await createDatabase(t);
  const { name, url } = database;
  await createAccount(database, `${name}%`);
  await createAccount(database, `${name}_`);
  await createAccount(database, `${name}x`);
  await install({ connection: url });
  await grant({ connection: url }, `${name}%@%`);
  await grant({ connection: url }, `${name}_@%`);
  t.deepEqual((await grantsOf(database))[`'${name}x'@'%'`], []);
});

test('A rollback revokes the grants of accounts with hostile names, and drops no account.', async (t) => {
  const database = await createDatabase(t);
  const connection = database.url;
  await install({ connection });
  for (const suffix of suffixes) {
    await createAccount(database, `${database.name}${suffix}`);
    await grant({ connection }, `${database.name}${suffix}@%`);
  }
  await rollback({ connection }, 0);
  const expected = suffixes.map((suffix) => [`'${database.name}${suffix}'@'%'`, []]);
  t.deepEqual(await grantsOf(database), Object.fromEntries(expected));
});

const invalidAccounts = [
  "o'brien",
  "'app'@'%', 'root'@'localhost'",
  'app`',
  'app\\',
  'app\n',
  'app\0',
  '@%',
  '',
];

test('A grant to an invalid or unsafe account name throws an error and changes no grant.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const before = await grantsOf(database);
  for (const account of invalidAccounts) {
    await t.throwsAsync(
      grant({ connection: database.url }, account),
      { instanceOf: ArgumentError, message: /`account`/ },
      account,
    );
  }
  t.deepEqual(await grantsOf(database), before);
});

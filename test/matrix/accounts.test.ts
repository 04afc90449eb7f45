import test from 'ava';
import { ArgumentError, MySQLSessionStore } from '../../src';
import { grant, install, rollback, status } from '../../src/install';
import { createDatabase, type TestDatabase } from '../database';
import { grantsOf } from '../install/catalogue';
import { session } from '../store';

// Names that the servers take; each is appended to the database's, by which the test finds its accounts.
const accepted = [
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
  test(`Accounts with hostile names work with the role that they get over a connection in ${charset}.`, async (t) => {
    const database = await createDatabase(t);
    const connection = { uri: database.url, charset };
    await install({ connection });
    for (const suffix of accepted) {
      const user = `${database.name}${suffix}`;
      await createAccount(database, user);
      await grant({ connection }, `${user}@%`);
      const url = Object.assign(new URL(database.url), { username: encodeURIComponent(user), password });
      const store = new MySQLSessionStore({ connection: url.href, disableDbCleanup: true });
      t.teardown(() => store.close());
      await store.set('a', session(suffix));
      t.is((await store.get('a'))?.value, suffix);
    }
  });
}

test('Every such account is kept in the log as it is called.', async (t) => {
  const database = await createDatabase(t);
  const connection = { uri: database.url, charset: 'latin1' };
  await install({ connection });
  for (const suffix of accepted) {
    await createAccount(database, `${database.name}${suffix}`);
    await grant({ connection }, `${database.name}${suffix}@%`);
  }
  const { grants, upToDate } = await status({ connection });
  const names = accepted.map((suffix) => `'${database.name}${suffix}'@'%'`);
  t.deepEqual([upToDate, grants.map(({ account }) => account).sort()], [true, names.sort()]);
});

test('A wildcard in the name of an account gives nothing to accounts that it would match.', async (t) => {
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

test('A rollback forgets every such account, and drops none of them.', async (t) => {
  const database = await createDatabase(t);
  const connection = database.url;
  await install({ connection });
  for (const suffix of accepted) {
    await createAccount(database, `${database.name}${suffix}`);
    await grant({ connection }, `${database.name}${suffix}@%`);
  }
  await rollback({ connection }, 0);
  const left = accepted.map((suffix) => [`'${database.name}${suffix}'@'%'`, []]);
  t.deepEqual(await grantsOf(database), Object.fromEntries(left));
});

const refused = ["o'brien", "'app'@'%', 'root'@'localhost'", 'app`', 'app\\', 'app\n', 'app\0', '@%', ''];

test('An account that could end its quotes, or is none, is refused, and no grant is made.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url });
  const before = await grantsOf(database);
  for (const account of refused) {
    await t.throwsAsync(
      grant({ connection: database.url }, account),
      { instanceOf: ArgumentError, message: /`account`/ },
      account,
    );
  }
  t.deepEqual(await grantsOf(database), before);
});

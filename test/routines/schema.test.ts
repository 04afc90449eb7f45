import test, { type ExecutionContext } from 'ava';
import knex from 'knex';
import { ArgumentError, MySQLSessionStore, RoutineNotGrantedError } from '../../src';
import { install } from '../../src/install';
import { createDatabase, type TestDatabase } from '../support/database';
import { createInstallation, openStore, patientBudget, session } from '../support/store';

/** Creates a database without an installation, and returns the URL of an account in it. */
async function createShop(t: ExecutionContext): Promise<TestDatabase & { accountUrl: string }> {
  const shop = await createDatabase(t);
  const account = await shop.createAccount();
  await shop.query('CREATE TABLE orders (id INT)');
  await shop.query(`GRANT SELECT ON ${shop.name}.* TO ${account.name}`);
  return { ...shop, accountUrl: account.url };
}

/** Gives the account of a URL, for a statement. */
function accountOf(url: string): string {
  return `'${decodeURIComponent(new URL(url).username)}'@'%'`;
}

test('With schema, a store uses the routines of another database.', async (t) => {
  const auth = await createInstallation(t, ['application']);
  const shop = await createShop(t);
  const connection = Object.assign(new URL(auth.accountUrl), { pathname: `/${shop.name}` }).href;
  await auth.query(`GRANT SELECT ON ${shop.name}.* TO ${accountOf(auth.accountUrl)}`);
  const store = openStore(t, connection, { schema: auth.name });
  await store.ready();
  await store.set('a', session(1));
  await store.set('b', session(2));
  const [one, other] = await Promise.all([store.get('a'), store.get('b')]);
  t.deepEqual([one?.value, other?.value], [1, 2]);
  await Promise.all([
    store.set('a', Object.assign(one ?? session(), { value: 3 })),
    store.set('b', Object.assign(other ?? session(), { value: 4 })),
  ]);
  await store.destroy('b');
  t.is(await store.gc(), 0);
  t.true((await store.ping()).writable);
  const rows = await auth.query("SELECT sid, JSON_EXTRACT(sess, '$.value') FROM sessions");
  t.deepEqual(
    rows.map((row) => row.map(String)),
    [['a', '3']],
  );
});

test('Two stores share a pool of the application, each with its schema.', async (t) => {
  const [one, other] = [await createInstallation(t), await createInstallation(t)];
  const pool = knex({ client: 'mysql2', connection: one.url, pool: { min: 0, max: 1 } });
  t.teardown(() => pool.destroy());
  const stores = [one, other].map(
    ({ name }) =>
      new MySQLSessionStore({
        knex: pool,
        schema: name,
        disableDbCleanup: true,
        retryBudget: patientBudget,
      }),
  );
  t.teardown(() => Promise.all(stores.map((store) => store.close())));
  await Promise.all(stores.map((store, index) => store.set('sid', session(index))));
  t.is((await stores[0]?.get('sid'))?.value, 0);
  t.is((await stores[1]?.get('sid'))?.value, 1);
  t.deepEqual(await pool.raw('SELECT DATABASE() AS name').then(([[row]]) => row.name), one.name);
});

test('The name of a schema is quoted.', async (t) => {
  const shop = await createShop(t);
  const name = `${shop.name}-auth`;
  await shop.query(`CREATE DATABASE \`${name}\``);
  t.teardown(() => shop.query(`DROP DATABASE \`${name}\``));
  await install({ connection: Object.assign(new URL(shop.url), { pathname: `/${name}` }).href });
  const store = openStore(t, shop.url, { schema: name });
  await store.set('sid', session(1));
  t.is((await store.get('sid'))?.value, 1);
});

test('Without the role, the GRANT in the error names the schema, and is enough.', async (t) => {
  const auth = await createInstallation(t);
  const shop = await createShop(t);
  const store = openStore(t, shop.accountUrl, { schema: auth.name });
  const { message } = await t.throwsAsync(async () => store.ready(), {
    instanceOf: RoutineNotGrantedError,
  });
  const [grant = ''] = /GRANT EXECUTE ON PROCEDURE .+$/.exec(message) ?? [];
  await auth.query(grant);
  await t.notThrowsAsync(async () => store.ready());
});

test('An encrypted session is the same with and without the option schema.', async (t) => {
  const auth = await createInstallation(t);
  const encryption = { keys: [Buffer.alloc(32, 1)] };
  await openStore(t, auth.accountUrl, { encryption }).set('sid', session('secret'));
  const other = openStore(t, auth.accountUrl, { encryption, schema: auth.name });
  t.is((await other.get('sid'))?.value, 'secret');
});

for (const schema of ['', 7, 'x'.repeat(65), 'ends with a blank ']) {
  test(`The schema ${JSON.stringify(schema)} is refused.`, (t) => {
    const options = { connection: 'mysql://app@localhost/shop', schema };
    t.throws(() => Reflect.construct(MySQLSessionStore, [options]), {
      instanceOf: ArgumentError,
      message: /^Expected `schema` to be the name of a database: /,
    });
  });
}

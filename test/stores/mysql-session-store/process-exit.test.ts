import test from 'ava';
import { runScript } from '../../support/script';
import { createInstallation } from '../../support/store';

test('A process exits after it closed its own pool, even if the store is open.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const script = `
    const { MySQLSessionStore } = require('./src');
    const pool = require('knex')({ client: 'mysql2', connection: { uri: process.env.ACCOUNT_URL } });
    const store = new MySQLSessionStore({ knex: pool, cleanupInterval: 3_600_000 });
    store.get('sid').then(() => pool.destroy());
  `;
  t.is((await runScript(script, { ACCOUNT_URL: accountUrl })).code, 0);
});

test('A process exits after it closed a store that opened its pool.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const script = `
    const { MySQLSessionStore } = require('./src');
    const store = new MySQLSessionStore({ connection: process.env.ACCOUNT_URL });
    store.get('sid').then(() => store.close());
  `;
  t.is((await runScript(script, { ACCOUNT_URL: accountUrl })).code, 0);
});

test('The timer of the cleanup does not keep the process alive.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const script = `
    const { MySQLSessionStore } = require('./src');
    new MySQLSessionStore({ connection: process.env.ACCOUNT_URL, cleanupInterval: 3_600_000 });
  `;
  t.is((await runScript(script, { ACCOUNT_URL: accountUrl })).code, 0);
});

test("A closed store leaves the application's pool open.", async (t) => {
  const { accountUrl } = await createInstallation(t);
  const script = `
    const { MySQLSessionStore } = require('./src');
    const pool = require('knex')({ client: 'mysql2', connection: { uri: process.env.ACCOUNT_URL } });
    const store = new MySQLSessionStore({ knex: pool });
    (async () => {
      await store.get('sid');
      await store.close();
      await pool.raw('SELECT 1');
      await pool.destroy();
    })();
  `;
  t.is((await runScript(script, { ACCOUNT_URL: accountUrl })).code, 0);
});

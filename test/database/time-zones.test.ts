import test from 'ava';
import knex from 'knex';
import type { Connection } from 'mysql2';
import { MySQLSessionStore } from '../../src';
import { runScript } from '../support/script';
import { createInstallation, patientBudget, session } from '../support/store';

const remaining = 'SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expired) FROM sessions';

for (const serverZone of ['-12:00', '+00:00', '+13:00']) {
  for (const driverZone of ['local', 'Z', '+05:30', '-08:00']) {
    test(`A lifetime is right with the time zones ${serverZone} on the server and ${driverZone} in mysql2.`, async (t) => {
      const { accountUrl, query } = await createInstallation(t);
      const pool = knex({
        client: 'mysql2',
        connection: { uri: accountUrl, timezone: driverZone },
        pool: {
          min: 0,
          afterCreate: (
            connection: Connection,
            done: (error: unknown, connection: Connection) => void,
          ) =>
            connection.query(`SET time_zone = '${serverZone}'`, (error) => done(error, connection)),
        },
      });
      t.teardown(() => pool.destroy());
      const store = new MySQLSessionStore({
        knex: pool,
        disableDbCleanup: true,
        retryBudget: patientBudget,
      });
      await store.set('sid', session());
      const expires = (await store.get('sid'))?.cookie.expires;
      t.true(Math.abs(Number(expires) - Date.now() - 60_000) < 30_000);
      const [row] = await query(remaining);
      t.true(Math.abs(Number(row?.[0]) - 60) <= 30);
    });
  }
}

for (const TZ of ['Pacific/Kiritimati', 'America/St_Johns']) {
  test(`A lifetime is right in a process with TZ=${TZ}.`, async (t) => {
    const { accountUrl, query } = await createInstallation(t);
    const script = `
      const { MySQLSessionStore } = require('./src');
      const store = new MySQLSessionStore({ connection: process.env.ACCOUNT_URL });
      (async () => {
        await store.set('sid', { cookie: { expires: new Date(Date.now() + 60_000) } });
        console.log((await store.get('sid')).cookie.expires - Date.now());
        await store.close();
      })();
    `;
    const { output } = await runScript(script, { TZ, ACCOUNT_URL: accountUrl });
    t.true(Math.abs(Number(output) - 60_000) < 30_000);
    const [row] = await query(remaining);
    t.true(Math.abs(Number(row?.[0]) - 60) <= 30);
  });
}

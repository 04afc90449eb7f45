import test from 'ava';
import { install } from '../../src/install';
import { withConfig } from '../../src/install/run/connect';
import { withLock } from '../../src/install/run/lock';
import { processes } from '../support/connections';
import { createInstallation } from './installation';

test('An installer creates the row of the lock again if it is missing.', async (t) => {
  const { url, query } = await createInstallation(t, []);
  await query('DELETE FROM sessions_migrations WHERE id = 1');
  await install({ connection: url });
  const [row] = await query('SELECT kind FROM sessions_migrations WHERE id = 1');
  t.deepEqual(row, ['lock']);
});

test('If the connection with the lock is lost, the result of the work counts.', async (t) => {
  const { name, url, query } = await createInstallation(t, []);
  const result = await withConfig({ connection: url }, (config) =>
    withLock(config, async () => {
      const own = (await processes({ query })).filter(({ database }) => database === name);
      const asking = Number((await query('SELECT CONNECTION_ID()'))[0]?.[0]);
      for (const { id } of own) {
        if (id !== asking) await query(`KILL ${id}`).catch(() => undefined);
      }
      return 'done';
    }),
  );
  t.is(result, 'done');
});

import test from 'ava';
import { Browser } from '../../examples/demo/browser';
import { createDatabase } from '../support/database';
import { waitUntil } from '../support/wait-until';
import { exampleEnv, start, startExample } from './helpers/example';
import { examples } from './helpers/frameworks';

for (const [name, file] of Object.entries(examples)) {
  test.serial(`The example for ${name} continues a session in another process.`, async (t) => {
    const first = await startExample(t, file);
    const browser = first.browser();
    await browser.visit();
    // koa-session-minimal responds before it saves.
    await waitUntil(
      async () => (await first.database.query('SELECT 1 FROM sessions')).length === 1,
    );
    await first.stop();
    const other = new Browser((await first.again()).url);
    await other.useCookies(await browser.cookies());
    const { body } = await other.visit();
    t.is(body, 'Visits: 2');
  });

  test.serial(
    `Without an installation, the example for ${name} does not start and names the remedy.`,
    async (t) => {
      const { url } = await createDatabase(t);
      await t.throwsAsync(start(t, file, exampleEnv(url)), {
        message: /ended with 1:.*knex-mysql-session migrate/s,
      });
    },
  );
}

test('An example names the environment variables that it needs.', async (t) => {
  const started = start(t, 'examples/express.ts', { MYSQL_URL: '' });
  await t.throwsAsync(started, { message: /Set MYSQL_URL.* and SESSION_SECRET/ });
});

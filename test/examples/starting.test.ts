import test from 'ava';
import { Browser } from '../../examples/demo/browser';
import { createDatabase } from '../database';
import { until } from '../until';
import { start, startExample } from './helpers/example';
import { examples } from './helpers/frameworks';

for (const [name, file] of Object.entries(examples)) {
  test.serial(`The example for ${name} goes on counting in another process.`, async (t) => {
    const first = await startExample(t, file);
    const browser = first.browser();
    await browser.visit();
    // koa-session-minimal answers before it has saved.
    await until(async () => (await first.database.query('SELECT 1 FROM sessions')).length === 1);
    await first.stop();
    const other = new Browser((await first.again()).url);
    await other.take(await browser.cookies());
    const { body } = await other.visit();
    t.is(body, 'Visits: 2');
  });

  test.serial(
    `The example for ${name} does not start where nothing is installed, and names the remedy.`,
    async (t) => {
      const { url } = await createDatabase(t);
      const env = { MYSQL_URL: url, SESSION_SECRET: 'a secret of the tests, long enough', PORT: '0' };
      await t.throwsAsync(start(t, file, env), { message: /ended with 1:.*knex-mysql-session migrate/s });
    },
  );
}

test('An example says what it needs from the environment.', async (t) => {
  const started = start(t, 'examples/express.ts', { MYSQL_URL: '' });
  await t.throwsAsync(started, { message: /Set MYSQL_URL.* and SESSION_SECRET/ });
});

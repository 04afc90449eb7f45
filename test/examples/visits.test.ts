import test from 'ava';
import { Browser } from '../../examples/demo/browser';
import { createDatabase } from '../database';
import { start, startExample } from './helpers/example';

for (const [name, file] of [
  ['Express', 'examples/express.ts'],
  ['Connect', 'examples/connect.ts'],
] as const) {
  test(`the ${name} example counts the visits of a browser`, async (t) => {
    const browser = (await startExample(t, file)).browser();
    await browser.visit();
    const { body } = await browser.visit();
    t.is(body, 'Visits: 2');
  });

  test(`the ${name} example counts the visits of each browser apart`, async (t) => {
    const example = await startExample(t, file);
    await example.browser().visit();
    const { body } = await example.browser().visit();
    t.is(body, 'Visits: 1');
  });

  test(`the ${name} example goes on counting in another process`, async (t) => {
    const first = await startExample(t, file);
    const browser = first.browser();
    await browser.visit();
    await first.stop();
    const other = new Browser((await first.again()).url);
    await other.take(await browser.cookies());
    const { body } = await other.visit();
    t.is(body, 'Visits: 2');
  });

  test(`the ${name} example says what it needs from the environment`, async (t) => {
    await t.throwsAsync(start(t, file, { MYSQL_URL: '' }), { message: /Set MYSQL_URL.* and SESSION_SECRET/ });
  });

  test(`the ${name} example does not start where nothing is installed, and names the remedy`, async (t) => {
    const { url } = await createDatabase(t);
    const env = { MYSQL_URL: url, SESSION_SECRET: 'a secret of the tests', PORT: '0' };
    await t.throwsAsync(start(t, file, env), { message: /ended with 1:.*knex-mysql-session migrate/s });
  });
}

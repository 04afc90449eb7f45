import test from 'ava';
import { Browser } from '../../examples/demo/browser';
import { createDatabase } from '../support/database';
import { isFullRun } from '../support/scale';
import { SharedScope } from '../support/scope';
import { createInstallation } from '../support/store';
import { type Example, exampleEnv, start, startExampleOn } from './helpers/example';
import { behaviors, examples } from './helpers/frameworks';
import { Guest } from './helpers/people';

const scope = new SharedScope();
const running = new Map<string, Example>();

const allNames = Object.keys(examples);
/** Each start takes two seconds of CPU time. */
const names = isFullRun ? allNames : ['Express 5'];

test.before(async () => {
  const database = await createInstallation(scope, ['application']);
  for (const name of names) {
    running.set(name, await startExampleOn(scope, database, fileOf(name)));
  }
});

test.after.always(() => scope.end());

for (const name of names) {
  for (const [title, behave] of Object.entries(behaviors)) {
    test.serial(`With ${name}, ${title}.`, (t) => behave(t, exampleOf(name)));
  }
}

for (const name of names) {
  // The last test of this process ends it.
  test.serial(
    `On SIGTERM, the example for ${name} saves a visit under way and ends.`,
    async (t) => {
      const first = exampleOf(name);
      const guest = await Guest.loggedIn(first);
      t.deepEqual(await guest.visitDuringStop(t), [`Visits: 1, by ${guest.name}`, 0]);
      const other = new Browser((await first.again()).url);
      await other.useCookies(await guest.browser.cookies());
      const { body } = await other.visit();
      t.is(body, `Visits: 2, by ${guest.name}`);
    },
  );

  test.serial(
    `Without an installation, the example for ${name} does not start and names the remedy.`,
    async (t) => {
      const { url } = await createDatabase(t);
      await t.throwsAsync(start(t, fileOf(name), exampleEnv(url)), {
        message: /ended with 1:.*knex-mysql-session migrate/s,
      });
    },
  );
}

test('An example names the environment variables that it needs.', async (t) => {
  const started = start(t, fileOf('Express 5'), { MYSQL_URL: '' });
  await t.throwsAsync(started, { message: /Set MYSQL_URL.* and SESSION_SECRET/ });
});

function fileOf(name: string): string {
  const file = examples[name];
  if (file === undefined) throw new Error(`There is no example for ${name}.`);
  return file;
}

function exampleOf(name: string): Example {
  const example = running.get(name);
  if (example === undefined) throw new Error(`The example for ${name} did not start.`);
  return example;
}

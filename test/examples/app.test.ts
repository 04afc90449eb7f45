import test from 'ava';
import { createDatabase } from '../support/database';
import { waitUntil } from '../support/wait-until';
import { appFile } from './helpers/app';
import { type Example, exampleEnv, start } from './helpers/example';
import { Member } from './helpers/people';
import { app } from './helpers/shared-app';

// These tests are in one file because they share a process of the application.
import './app/account';
import './app/attacks';
import './app/responses';
import './app/sign-in';

/** Another process on the same database, which cleans up often. */
let cleaner: Example;

// Serial tests run ahead of the others, which then keep the sessions that they expire.
test.serial('The application cleans up expired sessions.', async (t) => {
  cleaner = await app.again({ CLEANUP_INTERVAL_MS: '50' });
  const ada = new Member(cleaner);
  await ada.signIn();
  await ada.expire();
  await t.notThrowsAsync(waitUntil(async () => (await ada.rows()).length === 0));
});

test.serial('On SIGTERM, the application ends with exit code 0.', async (t) => {
  t.is(await cleaner.stop('SIGTERM'), 0);
});

test('On SIGINT, the application ends with exit code 0.', async (t) => {
  const other = await app.again();
  await new Member(other).signIn();
  t.is(await other.stop('SIGINT'), 0);
});

test('Without an installation, the application does not start and names the remedy.', async (t) => {
  const { url } = await createDatabase(t);
  await t.throwsAsync(start(t, appFile, exampleEnv(url)), {
    message: /ended with 1:.*knex-mysql-session migrate/s,
  });
});

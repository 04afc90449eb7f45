import test, { type ExecutionContext } from 'ava';
import { DatabaseError, InstallationError, MySQLSessionStore } from '../../../src';
import { session } from '../../support/store';
import { openPool } from './connection-settings';
import { createInstallation } from './installation';

function openStore(t: ExecutionContext, url: string, charset: string): MySQLSessionStore {
  return new MySQLSessionStore({ knex: openPool(t, url, { charset }, ''), disableDbCleanup: true });
}

test('If a character set cannot encode plain SQL, the store throws an error with the remedy.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  // No client can use the first four. mysql2 and the server differ on brackets in armscii8.
  for (const charset of ['ucs2', 'utf16', 'utf16le', 'utf32', 'armscii8']) {
    await t.throwsAsync(
      openStore(t, accountUrl, charset).set('a', session()),
      {
        instanceOf: InstallationError,
        message: /^The server does not read a plain CALL .* set its charset to 'utf8mb4'/,
      },
      charset,
    );
  }
});

test('If mysql2 cannot encode a character set, the store throws an error with its name.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  for (const charset of ['dec8', 'swe7']) {
    await t.throwsAsync(openStore(t, accountUrl, charset).set('a', session()), {
      instanceOf: DatabaseError,
      message: new RegExp(`Encoding not recognized: '${charset}'`),
    });
  }
});

test("If the server rejects a setting of the application, the error has the server's message.", async (t) => {
  const { accountUrl } = await createInstallation(t);
  const knex = openPool(t, accountUrl, { charset: 'utf8mb4' }, 'NO_SUCH_MODE');
  const store = new MySQLSessionStore({ knex, disableDbCleanup: true });
  await t.throwsAsync(store.set('a', session()), {
    instanceOf: DatabaseError,
    message: /NO_SUCH_MODE/,
  });
});

test('A store that opens its own connections ignores the charset of the caller.', async (t) => {
  const { accountUrl: uri } = await createInstallation(t);
  const store = new MySQLSessionStore({
    connection: { uri, charset: 'utf16' },
    disableDbCleanup: true,
  });
  t.teardown(() => store.close());
  await store.set('a', session('Zoë 😀'));
  t.is((await store.get('a'))?.value, 'Zoë 😀');
});

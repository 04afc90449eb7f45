import test, { type ExecutionContext } from 'ava';
import { DatabaseError, InstallationError, MySQLSessionStore } from '../../src';
import { session } from '../store';
import { openPool } from './connection';
import { createInstallation } from './installation';

function openStore(t: ExecutionContext, url: string, charset: string): MySQLSessionStore {
  return new MySQLSessionStore({ knex: openPool(t, url, { charset }, ''), disableDbCleanup: true });
}

test('A connection in a character set that can carry no SQL is refused with the remedy.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  // The server takes most of these from no client, and reads brackets in the last where mysql2 writes others.
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

test('A connection in a character set that mysql2 does not write is refused by name.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  for (const charset of ['dec8', 'swe7']) {
    await t.throwsAsync(openStore(t, accountUrl, charset).set('a', session()), {
      instanceOf: DatabaseError,
      message: new RegExp(`Encoding not recognized: '${charset}'`),
    });
  }
});

test('A setting of the application that the server does not take is told as the server tells it.', async (t) => {
  const { accountUrl } = await createInstallation(t);
  const knex = openPool(t, accountUrl, { charset: 'utf8mb4' }, 'NO_SUCH_MODE');
  const store = new MySQLSessionStore({ knex, disableDbCleanup: true });
  await t.throwsAsync(store.set('a', session()), { instanceOf: DatabaseError, message: /NO_SUCH_MODE/ });
});

test('A store that opens its own connections needs no character set of the caller.', async (t) => {
  const { accountUrl: uri } = await createInstallation(t);
  const store = new MySQLSessionStore({ connection: { uri, charset: 'utf16' }, disableDbCleanup: true });
  t.teardown(() => store.close());
  await store.set('a', session('Zoë 😀'));
  t.is((await store.get('a'))?.value, 'Zoë 😀');
});

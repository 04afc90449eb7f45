import test, { type ExecutionContext } from 'ava';
import { MySQLSessionStore } from '../../../src';
import { doctor, install, status } from '../../../src/install';
import { bootForTest } from '../../support/boot';
import { createDatabase } from '../../support/database';
import { assertKeepsHostileSessions } from './hostile-sessions';
import { createInstallation, type InstallMethod, installMethods } from './installation';

const quotes = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT';

// A server ignores an unknown flag that starts with --loose.
const defaults: Record<string, string[]> = {
  'an empty sql_mode and charset latin1': ['--sql-mode=', '--character-set-server=latin1'],
  [`sql_mode ${quotes} and charset ucs2`]: [`--sql-mode=${quotes}`, '--character-set-server=ucs2'],
  'sql_mode ANSI,TRADITIONAL and collation utf8mb4_turkish_ci': [
    '--sql-mode=ANSI,TRADITIONAL',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_turkish_ci',
  ],
  'charset gbk for every client': [
    '--character-set-server=gbk',
    '--loose-skip-character-set-client-handshake',
    '--init-connect=SET NAMES gbk',
  ],
};

async function assertStoreKeepsHostileSessions(
  t: ExecutionContext,
  method: InstallMethod,
): Promise<void> {
  const installation = await createInstallation(t, method);
  const store = new MySQLSessionStore({
    connection: installation.accountUrl,
    routinePrefix: installation.naming.prefix,
    disableDbCleanup: true,
  });
  t.teardown(() => store.close());
  await assertKeepsHostileSessions(t, store, installation, method);
}

for (const [name, flags] of Object.entries(defaults)) {
  test.serial(`On a server with ${name}, sessions stay unchanged.`, async (t) => {
    await bootForTest(t, flags);
    for (const method of installMethods) {
      await assertStoreKeepsHostileSessions(t, method);
    }
  });
}

/** Boots a server. Returns false and logs the reason if the server does not support the flags. */
async function bootIfSupported(
  t: ExecutionContext,
  flags: string[],
  refusal: RegExp,
): Promise<boolean> {
  try {
    await bootForTest(t, flags);
    return true;
  } catch (error) {
    const [reason] = refusal.exec(String(error)) ?? [];
    if (reason === undefined) {
      throw error;
    }
    t.log(`Skipped because the server did not start: ${reason}`);
    t.regex(String(error), refusal);
    return false;
  }
}

test.serial("On a server with MariaDB's sql_mode ORACLE, sessions stay unchanged.", async (t) => {
  if (await bootIfSupported(t, ['--sql-mode=ORACLE'], /Error while setting value 'ORACLE'.*/)) {
    await assertStoreKeepsHostileSessions(t, 'install');
  }
});

test.serial(
  'On a server that stores table names in lower case, the installer supports mixed-case names.',
  async (t) => {
    // MySQL cannot change this setting after the initialization of its data directory.
    if (
      await bootIfSupported(t, ['--lower-case-table-names=1'], /Different lower_case_table_names.*/)
    ) {
      const { url, query } = await createDatabase(t);
      const naming = { connection: url, table: 'WebSessions', prefix: 'Web_' };
      await install(naming);
      await query("CALL Web_set('a', '{}', 60000)");
      t.deepEqual(
        [
          await query('SELECT sid FROM websessions'),
          await install(naming),
          (await status(naming)).upToDate,
        ],
        [[['a']], [], true],
      );
      // An installation is also found by another case of its name.
      for (const table of ['WebSessions', 'websessions']) {
        const { checks } = await doctor({ ...naming, table });
        t.deepEqual(
          checks.filter(({ state }) => state === 'finding'),
          [],
        );
      }
    }
  },
);

import test, { type ExecutionContext } from 'ava';
import { MySQLSessionStore } from '../../src';
import { install, status } from '../../src/install';
import { createDatabase } from '../database';
import { createInstallation, type Way, wayNames } from './installation';
import { onServerWith } from './private-server';
import { keepsHostileSessions } from './round-trip';

const quotes = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT';

// A server ignores a flag with --loose that it does not have.
const defaults: Record<string, string[]> = {
  'no sql_mode at all, and latin1': ['--sql-mode=', '--character-set-server=latin1'],
  [`sql_mode ${quotes}, and ucs2`]: [`--sql-mode=${quotes}`, '--character-set-server=ucs2'],
  'sql_mode ANSI,TRADITIONAL, and utf8mb4_turkish_ci': [
    '--sql-mode=ANSI,TRADITIONAL',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_turkish_ci',
  ],
  'gbk, whatever character set a client asks for': [
    '--character-set-server=gbk',
    '--loose-skip-character-set-client-handshake',
    '--init-connect=SET NAMES gbk',
  ],
};

async function keepsHostileSessionsOf(t: ExecutionContext, way: Way): Promise<void> {
  const installation = await createInstallation(t, way);
  const store = new MySQLSessionStore({
    connection: installation.accountUrl,
    routinePrefix: installation.naming.prefix,
    disableDbCleanup: true,
  });
  t.teardown(() => store.close());
  await keepsHostileSessions(t, store, installation, way);
}

for (const [name, flags] of Object.entries(defaults)) {
  test.serial(`On a server whose default is ${name}, sessions come back as on any other.`, async (t) => {
    await onServerWith(t, flags);
    for (const way of wayNames) {
      await keepsHostileSessionsOf(t, way);
    }
  });
}

/** Boots a server with these flags; false, and said so, where they are what the server does not start with. */
async function onServerThatTakes(t: ExecutionContext, flags: string[], refusal: RegExp): Promise<boolean> {
  try {
    await onServerWith(t, flags);
    return true;
  } catch (error) {
    const [reason] = refusal.exec(String(error)) ?? [];
    if (reason === undefined) {
      throw error;
    }
    t.log(`Skipped, as the server does not start: ${reason}`);
    t.regex(String(error), refusal);
    return false;
  }
}

test.serial(
  "With MariaDB's sql_mode ORACLE as the default, sessions come back as in any other.",
  async (t) => {
    if (await onServerThatTakes(t, ['--sql-mode=ORACLE'], /Error while setting value 'ORACLE'.*/)) {
      await keepsHostileSessionsOf(t, 'install');
    }
  },
);

test.serial(
  'On a server that takes table names in lower case, other names are installed and found.',
  async (t) => {
    // MySQL takes the case of table names from the day its data directory was made.
    if (await onServerThatTakes(t, ['--lower-case-table-names=1'], /Different lower_case_table_names.*/)) {
      const { url, query } = await createDatabase(t);
      const naming = { connection: url, table: 'WebSessions', prefix: 'Web_' };
      await install(naming);
      await query("CALL Web_set('a', '{}', 60000)");
      t.deepEqual(
        [await query('SELECT sid FROM websessions'), await install(naming), (await status(naming)).upToDate],
        [[['a']], [], true],
      );
    }
  },
);

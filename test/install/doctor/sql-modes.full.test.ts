import test from 'ava';
import { doctor, install } from '../../../src/install';
import { bootForFile } from '../../support/boot';
import {
  createInstallation,
  createInstallationWithEvent,
  type TestInstallation,
} from '../installation';
import { applyRemedies, formatFindings } from './remedies';

// The test changes the defaults of the whole server.
bootForFile(async () => ['--event-scheduler=ON']);

const allQuotes = 'ANSI,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE,IGNORE_SPACE';

// Each installation is made under one sql_mode, and checked under all.
test.serial('The server defaults of SQL settings change no finding.', async (t) => {
  const dba = await createInstallation(t, []);
  const [version] = await dba.query('SELECT VERSION()');
  const isMariaDB = String(version).includes('MariaDB');
  const installations: TestInstallation[] = [];
  const modes = [allQuotes, '', isMariaDB ? 'ORACLE' : 'ANSI_QUOTES'];
  try {
    await dba.query(
      'SET GLOBAL sql_quote_show_create = 0, sql_safe_updates = 1, sql_select_limit = 3',
    );
    for (const mode of modes) {
      await dba.query(`SET GLOBAL sql_mode = '${mode}'`);
      installations.push(await createInstallationWithEvent(t));
      for (const { url } of installations) {
        t.deepEqual(formatFindings(await doctor({ connection: url })), [], mode);
        t.deepEqual(await install({ connection: url }), [], mode);
      }
    }
    for (const installation of installations) {
      const { query, url, account } = installation;
      await query('DROP PROCEDURE sess_get');
      await query('CREATE SQL SECURITY DEFINER VIEW logins AS SELECT sid FROM sessions');
      const view = 'grants: view `logins`: shows sessions with the rights of dba@%';
      const diagnosis = await doctor({ connection: url });
      t.deepEqual(formatFindings(diagnosis), [
        'routines: routine sess_get: missing',
        `grants: account ${account.name}: not granted`,
        view,
      ]);
      await applyRemedies(installation, diagnosis);
      t.deepEqual(formatFindings(await doctor({ connection: url })), []);
    }
  } finally {
    await dba.query(
      `SET GLOBAL sql_quote_show_create = DEFAULT, sql_safe_updates = DEFAULT,
       sql_select_limit = DEFAULT, sql_mode = DEFAULT`,
    );
  }
});

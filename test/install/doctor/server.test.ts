import test, { type ExecutionContext } from 'ava';
import { doctor, install } from '../../../src/install';
import { bootServer, type Server } from '../../support/servers';
import { createInstallation, disableEvent, type TestInstallation } from '../installation';
import { applyRemedies, formatFindings, testRemedy } from './remedies';

// These tests need a private server: they break what all databases of a server share.
let server: Server;
test.before(async () => {
  server = await bootServer({ flags: ['--event-scheduler=ON'] });
  process.env.MYSQL_URL = server.url;
});
test.after.always(() => server?.stop());

testRemedy(
  'An account that may read every database',
  ({ query, account }) => query(`GRANT SELECT ON *.* TO ${account.name}`),
  ({ app }) => [`grants: account ${app}: SELECT ON *.*`],
);

for (const privilege of ['SELECT', 'EXECUTE']) {
  testRemedy(
    `An account without a role that has ${privilege} on the server`,
    async ({ name, query }) => {
      await query(`CREATE USER '${name}.other'@'%' IDENTIFIED BY 'aA1!for-the-test'`);
      await query(`GRANT ${privilege} ON *.* TO '${name}.other'@'%'`);
    },
    ({ database }) => [`grants: account '${database}.other'@'%': ${privilege} ON *.*`],
  );
}

test.serial('The rights of administrators and of locked accounts are no findings.', async (t) => {
  const { name, url, query } = await createInstallation(t, []);
  await query(`CREATE USER '${name}.dba'@'%' IDENTIFIED BY 'aA1!for-the-test'`);
  await query(`GRANT ALL PRIVILEGES ON *.* TO '${name}.dba'@'%'`);
  await query(`CREATE USER '${name}.off'@'%' ACCOUNT LOCK`);
  await query(`GRANT SELECT ON *.* TO '${name}.off'@'%'`);
  t.deepEqual(formatFindings(await doctor({ connection: url })), []);
});

testRemedy(
  'A view in another database that shows the sessions',
  async ({ name, query }) => {
    await query('CREATE DATABASE IF NOT EXISTS reports');
    await query(`CREATE OR REPLACE VIEW reports.logins AS SELECT sid FROM ${name}.sessions`);
  },
  () => ['grants: view `reports`.`logins`: shows sessions with the rights of dba@%'],
);

testRemedy(
  'A server that is read-only',
  ({ query }) => query('SET GLOBAL read_only = ON'),
  () => ['server: writes: refused: read_only is ON'],
  { stops: true },
);

let transactionSetting = 'transaction_read_only';
testRemedy(
  'A server whose transactions are read-only',
  async ({ query }) => {
    // Before 11.1, MariaDB has another name for it.
    const known = await query(`SHOW GLOBAL VARIABLES LIKE '${transactionSetting}'`);
    transactionSetting = known.length > 0 ? transactionSetting : 'tx_read_only';
    await query(`SET GLOBAL ${transactionSetting} = ON`);
  },
  () => [`server: writes: refused: ${transactionSetting} is ON`],
  { stops: true },
);

testRemedy(
  'A server without autocommit',
  ({ query }) => query('SET GLOBAL autocommit = OFF'),
  () => ['server: autocommit: OFF'],
  { stops: true },
);

const allQuotes = 'ANSI,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE,IGNORE_SPACE';

// Each installation is made under one sql_mode, and checked under all.
test.serial('The server defaults of SQL settings change no finding.', async (t) => {
  const dba = await createInstallation(t, []);
  const installations: TestInstallation[] = [];
  const modes = [allQuotes, '', server.flavor === 'mariadb' ? 'ORACLE' : 'ANSI_QUOTES'];
  try {
    await dba.query(
      'SET GLOBAL sql_quote_show_create = 0, sql_safe_updates = 1, sql_select_limit = 3',
    );
    for (const mode of modes) {
      await dba.query(`SET GLOBAL sql_mode = '${mode}'`);
      installations.push(await createWithEvent(t));
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

async function createWithEvent(t: ExecutionContext): Promise<TestInstallation> {
  const installation = await createInstallation(t, ['application']);
  await install({ connection: installation.url, event: { every: 3_600 } });
  return installation;
}

function testEventRemedy(
  fault: string,
  breakInstallation: (installation: TestInstallation) => Promise<unknown>,
  ...found: string[]
): void {
  testRemedy(fault, breakInstallation, () => found.map((text) => `event: event sess_gc: ${text}`), {
    create: createWithEvent,
  });
}

// An event that a DBA alters runs as the DBA, with the settings of the DBA's connection.
const byDba = "definer 'dba'@'%'";

testEventRemedy('A disabled event', disableEvent, 'The event is disabled');

testEventRemedy(
  'A missing event',
  ({ query }) => query('DROP EVENT sess_gc'),
  'The event does not exist',
);

testEventRemedy(
  'An event with another body',
  ({ query }) => query('ALTER EVENT sess_gc DO SELECT 1'),
  `different body, ${byDba}, sql_mode, collation_connection`,
);

testEventRemedy(
  'An event with another interval',
  ({ query }) => query('ALTER EVENT sess_gc ON SCHEDULE EVERY 7 DAY'),
  `different interval, ${byDba}, collation_connection`,
);

testEventRemedy(
  'An event whose definer may not run events',
  ({ name, query }) =>
    query(`REVOKE EVENT ON \`${name.replaceAll('_', '\\_')}\`.* FROM \`${name}.sess_\`@localhost`),
  'The definer lost the privilege EVENT',
);

testEventRemedy(
  'An event scheduler that is off',
  ({ query }) => query('SET GLOBAL event_scheduler = OFF'),
  "The server's event scheduler is off",
);

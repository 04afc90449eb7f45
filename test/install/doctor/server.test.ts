import test from 'ava';
import { doctor, install } from '../../../src/install';
import { bootServer, type Server } from '../../support/servers';
import {
  createInstallation,
  createInstallationWithEvent,
  disableEvent,
  type TestInstallation,
} from '../installation';
import { createInstaller } from '../privileges/documented-installer';
import { formatFindings, testRemedy } from './remedies';

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

test.serial('Without the right to see replication, a read-only server is a note.', async (t) => {
  const installer = await createInstaller(t);
  await install({ connection: installer.account.url });
  await installer.query('SET GLOBAL read_only = ON');
  t.teardown(() => installer.query('SET GLOBAL read_only = OFF'));
  const { checks } = await doctor({ connection: installer.account.url });
  t.like(
    checks.find(({ subject }) => subject === 'writes'),
    {
      state: 'note',
      found: 'refused: read_only is ON; it may be a replica: this account may not see that',
    },
  );
});

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

function testEventRemedy(
  fault: string,
  breakInstallation: (installation: TestInstallation) => Promise<unknown>,
  ...found: string[]
): void {
  testRemedy(fault, breakInstallation, () => found.map((text) => `event: event sess_gc: ${text}`), {
    create: createInstallationWithEvent,
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

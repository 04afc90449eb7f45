import test from 'ava';
import { InstallationError } from '../../../src/errors';
import { doctor, install, status } from '../../../src/install';
import { createDatabase } from '../../support/database';
import { readCatalog } from '../catalog';
import { createInstallation } from '../installation';
import { formatFindings } from './remedies';

test.serial('A new installation has no findings, and every check is possible.', async (t) => {
  const { url } = await createInstallation(t, ['application', 'cleaner', 'operator']);
  const { checks, findings, unknown } = await doctor({ connection: url });
  t.deepEqual(
    checks.filter(({ state }) => state !== 'ok'),
    [],
  );
  t.deepEqual([findings, unknown], [0, 0]);
});

test.serial('A diagnosis checks every area.', async (t) => {
  const { url } = await createInstallation(t, ['application']);
  const { checks } = await doctor({ connection: url });
  t.deepEqual(
    [...new Set(checks.map(({ area }) => area))],
    ['log', 'table', 'routines', 'definer', 'grants', 'cleanup', 'event', 'server'],
  );
});

test.serial('A diagnosis changes nothing.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  await installation.query('DROP PROCEDURE sess_get');
  await installation.query('ALTER TABLE sessions DROP INDEX sessions_expired_idx');
  const before = await readCatalog(installation);
  await doctor({ connection: installation.url });
  t.deepEqual(await readCatalog(installation), before);
});

test.serial('A missing installation is the only finding.', async (t) => {
  const { url } = await createDatabase(t);
  t.deepEqual(formatFindings(await doctor({ connection: url })), ['log: installation: missing']);
});

test.serial('An account that may not read the log learns which right it lacks.', async (t) => {
  const { account, query } = await createInstallation(t, ['application']);
  const options = { connection: account.url };
  for (const run of [doctor, status, install]) {
    const error = await t.throwsAsync(run(options), {
      instanceOf: InstallationError,
      message: /may not read `sessions_migrations`.*--as application/,
    });
    const [, grant = ''] = /(GRANT .*?);/.exec(String(error?.message)) ?? [];
    await query(grant);
    await t.notThrowsAsync(doctor(options));
    await query(grant.replace('GRANT', 'REVOKE').replace(' TO ', ' FROM '));
  }
});

test.serial(
  'A check without the privileges is unknown, and the other checks still run.',
  async (t) => {
    const { name, url, query, account } = await createInstallation(t, []);
    await query(`GRANT SELECT, CREATE ROUTINE ON ${name}.* TO ${account.name}`);
    const { checks, unknown, findings } = await doctor({ connection: account.url });
    t.true(unknown > 0);
    t.is(findings, 0);
    t.like(
      checks.find(({ subject }) => subject === 'definer checks'),
      { state: 'unknown' },
    );
    t.like(
      checks.find(({ subject }) => subject === 'primary key'),
      { state: 'ok' },
    );
    t.is((await doctor({ connection: url })).unknown, 0);
  },
);

test.serial('A routine that is hidden from the account is unknown, not missing.', async (t) => {
  const { name, query, account } = await createInstallation(t, []);
  await query(`GRANT SELECT ON ${name}.* TO ${account.name}`);
  const { checks } = await doctor({ connection: account.url });
  const routines = checks.filter(({ area }) => area === 'routines');
  t.deepEqual([...new Set(routines.map(({ state }) => state))], ['unknown']);
});

test.serial('An event that is hidden from the account is unknown, not missing.', async (t) => {
  const { name, url, query, account } = await createInstallation(t, []);
  await install({ connection: url, event: true });
  await query(`GRANT SELECT, EXECUTE ON ${name}.* TO ${account.name}`);
  const { checks } = await doctor({ connection: account.url });
  t.like(
    checks.find(({ subject }) => subject === 'event sess_gc'),
    { state: 'unknown' },
  );
});

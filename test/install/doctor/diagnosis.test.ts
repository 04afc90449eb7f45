import test from 'ava';
import { InstallationError } from '../../../src/errors';
import { doctor, install } from '../../../src/install';
import { createDatabase } from '../../database';
import { catalogueOf } from '../catalogue';
import { createInstallation } from '../installation';
import { findingsOf } from './remedies';

test.serial('Nothing is found in a new installation, and everything could be looked at.', async (t) => {
  const { url } = await createInstallation(t, ['application', 'cleaner', 'operator']);
  const { checks, findings, unknown } = await doctor({ connection: url });
  t.deepEqual(
    checks.filter(({ state }) => state !== 'ok'),
    [],
  );
  t.deepEqual([findings, unknown], [0, 0]);
});

test.serial('A diagnosis looks at everything that there is.', async (t) => {
  const { url } = await createInstallation(t, ['application']);
  const { checks } = await doctor({ connection: url });
  t.deepEqual(
    [...new Set(checks.map(({ area }) => area))],
    ['log', 'table', 'routines', 'definer', 'grants', 'cleanup', 'event', 'clock'],
  );
});

test.serial('A diagnosis changes nothing.', async (t) => {
  const installation = await createInstallation(t, ['application']);
  await installation.query('DROP PROCEDURE sess_get');
  await installation.query('ALTER TABLE sessions DROP INDEX sessions_expired_idx');
  const before = await catalogueOf(installation);
  await doctor({ connection: installation.url });
  t.deepEqual(await catalogueOf(installation), before);
});

test.serial('Where nothing is installed, that is the one finding.', async (t) => {
  const { url } = await createDatabase(t);
  t.deepEqual(findingsOf(await doctor({ connection: url })), ['log: installation: nothing']);
});

test.serial('An account that may not look is told how to look as an application.', async (t) => {
  const { account } = await createInstallation(t, ['application']);
  await t.throwsAsync(doctor({ connection: account.url }), {
    instanceOf: InstallationError,
    message: /may not read `sessions_migrations`.*--as application/,
  });
});

test.serial('What an account may not see is told as unknown, and the rest is looked at.', async (t) => {
  const { name, url, query, account } = await createInstallation(t, []);
  await query(`GRANT SELECT, CREATE ROUTINE ON ${name}.* TO ${account.name}`);
  const { checks, unknown, findings } = await doctor({ connection: account.url });
  t.true(unknown > 0);
  t.is(findings, 0);
  t.like(
    checks.find(({ subject }) => subject === 'all about the definer'),
    { state: 'unknown' },
  );
  t.like(
    checks.find(({ subject }) => subject === 'primary key'),
    { state: 'ok' },
  );
  t.is((await doctor({ connection: url })).unknown, 0);
});

test.serial('A routine that an account may not see is not taken for missing.', async (t) => {
  const { name, query, account } = await createInstallation(t, []);
  await query(`GRANT SELECT ON ${name}.* TO ${account.name}`);
  const { checks } = await doctor({ connection: account.url });
  const routines = checks.filter(({ area }) => area === 'routines');
  t.deepEqual([...new Set(routines.map(({ state }) => state))], ['unknown']);
});

test.serial('An event that an account may not see is not taken for missing.', async (t) => {
  const { name, url, query, account } = await createInstallation(t, []);
  await install({ connection: url, event: true });
  await query(`GRANT SELECT, EXECUTE ON ${name}.* TO ${account.name}`);
  const { checks } = await doctor({ connection: account.url });
  t.like(
    checks.find(({ subject }) => subject === 'event sess_gc'),
    { state: 'unknown' },
  );
});

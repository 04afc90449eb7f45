import test from 'ava';
import { doctor, install } from '../../../src/install';
import { createInstallation } from '../installation';
import { assertFoundAndFixed, testRemedy } from './remedies';

testRemedy(
  'A migration that is not in the log',
  ({ query }) => query("DELETE FROM sessions_migrations WHERE kind = 'migration'"),
  () => ['log: migrations/0001_create_sessions: not in the log'],
);

test.serial('A missing log is found, and the remedy fixes it.', async (t) => {
  const installation = await createInstallation(t, []);
  await installation.query('DROP TABLE sessions_migrations');
  await assertFoundAndFixed(t, installation, ['log: table sessions_migrations: missing']);
});

test.serial('A migration that was applied with different SQL is a note.', async (t) => {
  const { url, query } = await createInstallation(t, []);
  await query("UPDATE sessions_migrations SET checksum = REPEAT('0', 64) WHERE kind = 'migration'");
  const { checks, findings } = await doctor({ connection: url });
  t.is(findings, 0);
  t.like(
    checks.find(({ subject }) => subject === 'migrations/0001_create_sessions'),
    { state: 'note', found: 'applied by another package version, with different SQL' },
  );
});

test.serial('A table that migrate repaired needs no note.', async (t) => {
  const { url, query } = await createInstallation(t, []);
  await query('ALTER TABLE sessions DROP INDEX sessions_expired_idx');
  t.deepEqual(await install({ connection: url }), ['tables/sessions']);
  const { checks } = await doctor({ connection: url });
  t.deepEqual(
    checks.filter(({ area, state }) => area === 'log' && state !== 'ok'),
    [],
  );
});

test.serial('A step of another package version is a note.', async (t) => {
  const { url, query } = await createInstallation(t, []);
  await query(
    `INSERT INTO sessions_migrations
       (kind, name, action, checksum, package_version, applied_by, applied_at)
     VALUES ('routine', 'sess_new', 'applied', '', '0.0.1', USER(), UTC_TIMESTAMP(3))`,
  );
  const { checks, findings } = await doctor({ connection: url });
  t.is(findings, 0);
  t.like(
    checks.find(({ subject }) => subject === 'routines/sess_new'),
    { state: 'note' },
  );
});

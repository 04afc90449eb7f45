import test from 'ava';
import { doctor } from '../../../src/install';
import { createInstallation } from '../installation';
import { breaking, findingsOf, foundAndMended } from './remedies';

breaking(
  'A step that is not recorded',
  ({ query }) => query("DELETE FROM sessions_migrations WHERE name = 'routines/sess_set'"),
  () => ['log: routines/sess_set: nothing'],
);

breaking(
  'A routine that was recorded with another text',
  ({ query }) =>
    query("UPDATE sessions_migrations SET checksum = REPEAT('0', 64) WHERE name = 'routines/sess_set'"),
  () => ['log: routines/sess_set: applied with another text'],
);

test.serial('A log that is gone is found, and the remedy writes it again.', async (t) => {
  const installation = await createInstallation(t, []);
  await installation.query('DROP TABLE sessions_migrations');
  await foundAndMended(t, installation, ['log: table sessions_migrations: nothing']);
});

test.serial('A migration that was recorded with another text is found.', async (t) => {
  const { url, query } = await createInstallation(t, []);
  await query("UPDATE sessions_migrations SET checksum = REPEAT('0', 64) WHERE name LIKE 'migrations/%'");
  t.deepEqual(findingsOf(await doctor({ connection: url })), [
    'log: migrations/0001_create_sessions: applied with another text',
  ]);
});

test.serial('A step of another version of the package is noted.', async (t) => {
  const { url, query } = await createInstallation(t, []);
  await query(
    "INSERT INTO sessions_migrations VALUES ('routines/sess_new', REPEAT('0', 64), UTC_TIMESTAMP(3))",
  );
  const { checks, findings } = await doctor({ connection: url });
  t.is(findings, 0);
  t.like(
    checks.find(({ subject }) => subject === 'routines/sess_new'),
    { state: 'note' },
  );
});

import test from 'ava';
import { doctor, install } from '../../../src/install';
import { createDatabase } from '../../support/database';
import { createInstallation, disableEvent, writeSession } from '../installation';
import { formatFindings, testRemedy } from './remedies';

testRemedy(
  'A cleanup that never ran',
  (installation) => writeSession(installation, 'a', -3_660),
  () => ['cleanup: expired sessions: 1, the oldest expired 61 minutes ago'],
);

test.serial('A session that expired less than an hour ago is not a finding.', async (t) => {
  const installation = await createInstallation(t, []);
  await writeSession(installation, 'a', -3_000);
  t.deepEqual(formatFindings(await doctor({ connection: installation.url })), []);
});

test.serial('A disabled event is found.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: true });
  await disableEvent(database);
  t.regex(
    formatFindings(await doctor({ connection: database.url })).join('\n'),
    /^event: event sess_gc: .*disabled/,
  );
});

test.serial("The definer's EVENT privilege is not an excess privilege.", async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url, event: true });
  const { checks } = await doctor({ connection: url });
  t.deepEqual(
    checks.filter(({ area, state }) => area === 'definer' && state !== 'ok'),
    [],
  );
});

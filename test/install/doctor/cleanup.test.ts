import test from 'ava';
import { doctor, install } from '../../../src/install';
import { createDatabase } from '../../database';
import { disableEvent } from '../disabled-event';
import { createInstallation, writeSession } from '../installation';
import { breaking, findingsOf } from './remedies';

breaking(
  'A cleanup that does not run',
  (installation) => writeSession(installation, 'a', -3_660),
  () => ['cleanup: expired sessions: 1, the oldest for 61 minutes'],
);

test.serial('A session that expired just now is no sign of a missing cleanup.', async (t) => {
  const installation = await createInstallation(t, []);
  await writeSession(installation, 'a', -3_000);
  t.deepEqual(findingsOf(await doctor({ connection: installation.url })), []);
});

test.serial('An event that was asked for and does not run is found.', async (t) => {
  const database = await createDatabase(t);
  await install({ connection: database.url, event: true });
  await disableEvent(database);
  t.regex(
    findingsOf(await doctor({ connection: database.url })).join('\n'),
    /^event: event sess_gc: .*disabled/,
  );
});

test.serial('The right of the definer to run the event is not too much.', async (t) => {
  const { url } = await createDatabase(t);
  await install({ connection: url, event: true });
  const { checks } = await doctor({ connection: url });
  t.deepEqual(
    checks.filter(({ area, state }) => area === 'definer' && state !== 'ok'),
    [],
  );
});

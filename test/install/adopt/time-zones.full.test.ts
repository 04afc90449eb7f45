import test, { type ExecutionContext } from 'ava';
import { adopt } from '../../../src/install';
import { bootServer } from '../../support/servers';
import { session } from '../../support/store';
import { createInstallation, type TestInstallation } from '../installation';
import { oldStores, openConnectSessionKnex, saveSession } from './old-stores';

/** Adopts a session that expires in an hour, and checks its expiry. */
async function assertHourIsKept(
  t: ExecutionContext,
  { url, query }: TestInstallation,
): Promise<void> {
  await adopt({ connection: url }, 'old_sessions');
  const rows = await query('SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expired) FROM sessions');
  t.is(rows.length, 1);
  t.true(Math.abs(Number(rows[0]?.[0]) - 3_600) <= 3, String(rows[0]?.[0]));
}

for (const zone of ['-11:00', '+13:00']) {
  test.serial(`The expiry is kept if the server's time zone is ${zone}.`, async (t) => {
    const server = await bootServer({ flags: [`--default-time-zone=${zone}`] });
    t.teardown(() => server.stop());
    process.env.MYSQL_URL = server.url;
    process.env.TZ = 'Asia/Kolkata';
    for (const open of Object.values(oldStores)) {
      const installation = await createInstallation(t);
      await saveSession((await open(t, installation)).store, 'sid', session('x', 3_600_000));
      await assertHourIsKept(t, installation);
    }
    // In a TIMESTAMP column, the same text is a different time, so adopt must read it as text.
    const installation = await createInstallation(t);
    await installation.query(
      'CREATE TABLE old_sessions (sid VARCHAR(255) PRIMARY KEY, sess JSON NOT NULL, expired TIMESTAMP NOT NULL)',
    );
    await saveSession(
      (await openConnectSessionKnex(t, installation)).store,
      'sid',
      session('x', 3_600_000),
    );
    await assertHourIsKept(t, installation);
  });
}

import test, { type ExecutionContext } from 'ava';
import { adopt } from '../../../src/install';
import { bootServer } from '../../servers';
import { session } from '../../store';
import { createInstallation, type TestInstallation } from '../installation';
import { oldStores, openConnectSessionKnex, put } from './old-stores';

async function adoptHour(t: ExecutionContext, { url, query }: TestInstallation): Promise<void> {
  await adopt({ connection: url }, 'old_sessions');
  const rows = await query('SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), expired) FROM sessions');
  t.is(rows.length, 1);
  t.true(Math.abs(Number(rows[0]?.[0]) - 3_600) <= 3, String(rows[0]?.[0]));
}

for (const zone of ['-11:00', '+13:00']) {
  test.serial(`The time to live is kept where the server's time zone is ${zone}.`, async (t) => {
    const server = await bootServer({ flags: [`--default-time-zone=${zone}`] });
    t.teardown(() => server.stop());
    process.env.MYSQL_URL = server.url;
    process.env.TZ = 'Asia/Kolkata';
    for (const open of Object.values(oldStores)) {
      const installation = await createInstallation(t);
      await put((await open(t, installation)).store, 'sid', session('x', 3_600_000));
      await adoptHour(t, installation);
    }
    // Made by hand, as some do: the same text is then another moment, and must be read back as text.
    const installation = await createInstallation(t);
    await installation.query(
      'CREATE TABLE old_sessions (sid VARCHAR(255) PRIMARY KEY, sess JSON NOT NULL, expired TIMESTAMP NOT NULL)',
    );
    await put((await openConnectSessionKnex(t, installation)).store, 'sid', session('x', 3_600_000));
    await adoptHour(t, installation);
  });
}

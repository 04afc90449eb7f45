import test from 'ava';
import { InstallationError } from '../../src/errors';
import { doctor, install, rollback, status } from '../../src/install';
import { createDatabase } from '../support/database';
import { readCatalog } from './catalog';
import { createInstallation, writeSession } from './installation';

const likeOurs = `CREATE TABLE sessions (sid VARCHAR(255) PRIMARY KEY, sess JSON NOT NULL,
  expired DATETIME NOT NULL)`;

for (const table of ['CREATE TABLE sessions (id INT, expired DATETIME)', likeOurs]) {
  test(`An install refuses a table of others, and changes nothing: ${table}.`, async (t) => {
    const database = await createDatabase(t);
    await database.query(table);
    const before = await readCatalog(database);
    await t.throwsAsync(install({ connection: database.url }), {
      instanceOf: InstallationError,
      message: /`sessions` of .* is not marked as ours.*--table/,
    });
    t.deepEqual(await readCatalog(database), before);
  });
}

test('A table that took the place of ours is neither changed nor dropped.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('DROP TABLE sessions');
  await query(likeOurs);
  for (const work of [install({ connection: url }), rollback({ connection: url }, 0)]) {
    await t.throwsAsync(work, { instanceOf: InstallationError, message: /is not marked as ours/ });
  }
  t.is((await query('SELECT * FROM sessions')).length, 0);
});

test('The statement that a refusal prints makes the table ours.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query("ALTER TABLE sessions COMMENT = 'Do not touch'");
  const refusal = await t.throwsAsync(install({ connection: url }));
  await query(/ALTER TABLE .*(?=;$)/.exec(refusal?.message ?? '')?.[0] ?? '');
  t.deepEqual(await install({ connection: url }), []);
});

test('One migrate repairs all of the table, and keeps the sessions.', async (t) => {
  const database = await createInstallation(t);
  const { url, query, ask } = database;
  await writeSession(database, 'a', 3600);
  await query(
    `ALTER TABLE sessions ENGINE = MyISAM, DROP PRIMARY KEY, DROP COLUMN expired,
       DROP COLUMN updated_at, MODIFY created_at DATETIME NULL,
       MODIFY sid VARCHAR(300) COLLATE utf8mb4_bin NOT NULL`,
  );
  const { upToDate, steps } = await status({ connection: url });
  t.false(upToDate);
  t.deepEqual(steps.find(({ name }) => name === 'tables/sessions')?.differences, [
    'engine of sessions: MyISAM',
    'column sid: varchar(300) utf8mb4_bin NOT NULL',
    'column expired: missing',
    'column created_at: datetime NULL',
    'column updated_at: missing',
    'primary key: missing',
    'index sessions_expired_idx: missing',
  ]);
  t.deepEqual(await install({ connection: url }), ['tables/sessions']);
  t.is((await doctor({ connection: url })).findings, 0);
  const [[, lifetime] = []] = await ask("CALL sess_get('a')");
  t.is(Math.ceil(Number(lifetime) / 3_600_000), 24);
});

test('A table that lost the data of the sessions is refused, and the remedy works.', async (t) => {
  const { url, query } = await createInstallation(t);
  await query('ALTER TABLE sessions DROP COLUMN sess');
  const refusal = await t.throwsAsync(install({ connection: url }), {
    instanceOf: InstallationError,
    message: /has no column sess\. .*--sid-column/,
  });
  await query(/DROP TABLE .*(?=;$)/.exec(refusal?.message ?? '')?.[0] ?? '');
  await install({ connection: url });
  t.is((await doctor({ connection: url })).findings, 0);
});

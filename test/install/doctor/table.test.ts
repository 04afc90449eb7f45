import test from 'ava';
import { doctor } from '../../../src/install';
import { createInstallation, type TestInstallation } from '../installation';
import { breaking } from './remedies';

const alter = (change: string) => (installation: TestInstallation) =>
  installation.query(`ALTER TABLE sessions ${change}`);

breaking(
  'A table that is gone',
  ({ query }) => query('DROP TABLE sessions'),
  () => ['table: table sessions: nothing'],
);

breaking('A table of another engine', alter('ENGINE = MyISAM'), () => ['table: engine of sessions: MyISAM']);

breaking('A time that was cut to seconds', alter('MODIFY expired DATETIME NOT NULL'), () => [
  'table: column expired: datetime NOT NULL',
]);

breaking(
  'An id that ignores letter case',
  alter('MODIFY sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL'),
  () => ['table: column sid: varchar(255) ascii_general_ci NOT NULL'],
);

breaking(
  'Data that need not be JSON',
  alter('MODIFY sess LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL'),
  () => ['table: column sess: longtext utf8mb4_bin NOT NULL'],
);

breaking('A column that may be NULL', alter('MODIFY created_at DATETIME(3) NULL'), () => [
  'table: column created_at: datetime(3) NULL',
]);

breaking('A column that is gone', alter('DROP COLUMN updated_at'), () => [
  'table: column updated_at: nothing',
]);

breaking('An index that is gone', alter('DROP INDEX sessions_expired_idx'), () => [
  'table: index sessions_expired_idx: nothing',
]);

breaking(
  'An index on another column',
  alter('DROP INDEX sessions_expired_idx, ADD INDEX sessions_expired_idx (updated_at)'),
  () => ['table: index sessions_expired_idx: on updated_at'],
);

breaking('A primary key that is gone', alter('DROP PRIMARY KEY'), () => ['table: primary key: nothing']);

test.serial("A DBA's own column and index are noted.", async (t) => {
  const { url, query } = await createInstallation(t, []);
  await query('ALTER TABLE sessions ADD COLUMN remark VARCHAR(10) NULL, ADD INDEX mine (created_at)');
  const { checks, findings } = await doctor({ connection: url });
  t.is(findings, 0);
  t.deepEqual(
    checks.filter(({ state }) => state === 'note').map(({ subject }) => subject),
    ['column remark', 'index mine'],
  );
});

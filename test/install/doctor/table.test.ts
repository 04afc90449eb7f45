import test from 'ava';
import { doctor } from '../../../src/install';
import { createInstallation, type TestInstallation } from '../installation';
import { testRemedy } from './remedies';

const alter = (change: string) => (installation: TestInstallation) =>
  installation.query(`ALTER TABLE sessions ${change}`);

testRemedy(
  'A missing table',
  ({ query }) => query('DROP TABLE sessions'),
  () => ['table: table sessions: missing'],
);

testRemedy('A table with another engine', alter('ENGINE = MyISAM'), () => [
  'table: engine of sessions: MyISAM',
]);

testRemedy('A time without milliseconds', alter('MODIFY expired DATETIME NOT NULL'), () => [
  'table: column expired: datetime NOT NULL',
]);

testRemedy(
  'An id that ignores letter case',
  alter('MODIFY sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL'),
  () => ['table: column sid: varchar(255) ascii_general_ci NOT NULL'],
);

testRemedy(
  'Data that is not JSON',
  alter('MODIFY sess LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL'),
  () => ['table: column sess: longtext utf8mb4_bin NOT NULL'],
);

testRemedy('A column that may be NULL', alter('MODIFY created_at DATETIME(3) NULL'), () => [
  'table: column created_at: datetime(3) NULL',
]);

testRemedy('A missing column', alter('DROP COLUMN updated_at'), () => [
  'table: column updated_at: missing',
]);

testRemedy('A missing index', alter('DROP INDEX sessions_expired_idx'), () => [
  'table: index sessions_expired_idx: missing',
]);

testRemedy(
  'An index on a wrong column',
  alter('DROP INDEX sessions_expired_idx, ADD INDEX sessions_expired_idx (updated_at)'),
  () => ['table: index sessions_expired_idx: on updated_at'],
);

testRemedy('A missing primary key', alter('DROP PRIMARY KEY'), () => [
  'table: primary key: missing',
]);

test.serial('A column and an index that a DBA added are notes.', async (t) => {
  const { url, query } = await createInstallation(t, []);
  await query(
    'ALTER TABLE sessions ADD COLUMN remark VARCHAR(10) NULL, ADD INDEX mine (created_at)',
  );
  const { checks, findings } = await doctor({ connection: url });
  t.is(findings, 0);
  t.deepEqual(
    checks.filter(({ state }) => state === 'note').map(({ subject }) => subject),
    ['column remark', 'index mine'],
  );
});

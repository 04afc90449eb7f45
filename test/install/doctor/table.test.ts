import test from 'ava';
import { doctor } from '../../../src/install';
import { createInstallation, type TestInstallation } from '../installation';
import { testRemedy } from './remedies';

const alter = (change: string) => (installation: TestInstallation) =>
  installation.query(`ALTER TABLE sessions ${change}`);

// Each server has its own word for it.
async function ignoreIndex({ query }: TestInstallation): Promise<void> {
  const change = 'ALTER TABLE sessions ALTER INDEX sessions_expired_idx';
  await query(`${change} /*M! IGNORED */ /*!80000 INVISIBLE */`);
}

testRemedy(
  'A missing table',
  ({ query }) => query('DROP TABLE sessions'),
  () => ['table: table sessions: missing'],
  { stops: true },
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

testRemedy(
  'A missing column',
  alter('DROP COLUMN updated_at'),
  () => ['table: column updated_at: missing'],
  { stops: true },
);

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

testRemedy('An index that the optimizer ignores', ignoreIndex, () => [
  'table: index sessions_expired_idx: ignored, on expired',
]);

testRemedy('Another unique index', alter('ADD UNIQUE INDEX mine (created_at)'), () => [
  'table: index mine: unique on created_at',
]);

testRemedy(
  'An index on a part of the id',
  alter('DROP PRIMARY KEY, ADD PRIMARY KEY (sid(10))'),
  () => ['table: primary key: unique on sid(10)'],
);

testRemedy(
  'A column that needs a value',
  alter('ADD COLUMN tenant INT NOT NULL'),
  () => ['table: column tenant: int NOT NULL'],
  { stops: true },
);

testRemedy('A comment without the marker', alter("COMMENT = 'Do not touch'"), () => [
  'table: comment of sessions: Do not touch',
]);

testRemedy(
  'An id that is too short',
  alter('MODIFY sid VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL'),
  () => ['table: column sid: varchar(20) ascii_bin NOT NULL'],
);

testRemedy(
  'A constraint that refuses sessions',
  alter('ADD CONSTRAINT short_ids CHECK (LENGTH(sid) < 5)'),
  () => ['table: constraint short_ids: CHECK'],
  { stops: true },
);

testRemedy(
  'A foreign key that refers to the sessions',
  ({ query }) =>
    query(
      `CREATE TABLE IF NOT EXISTS logins (sid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
         CONSTRAINT login_of FOREIGN KEY (sid) REFERENCES sessions (sid))`,
    ),
  ({ database }) => [`table: foreign key login_of: of \`${database}\`.\`logins\``],
);

testRemedy(
  'A trigger that fails',
  ({ query }) =>
    query("CREATE TRIGGER watch BEFORE INSERT ON sessions FOR EACH ROW SIGNAL SQLSTATE '45000'"),
  () => ['table: trigger watch: BEFORE INSERT ON sessions'],
  { stops: true },
);

testRemedy(
  'A trigger on the log',
  ({ query }) =>
    query('CREATE TRIGGER watch AFTER INSERT ON sessions_migrations FOR EACH ROW SET @a = 1'),
  () => ['table: trigger watch: AFTER INSERT ON sessions_migrations'],
);

test.serial('A trigger of pt-online-schema-change is a note.', async (t) => {
  const { url, query } = await createInstallation(t, []);
  await query('CREATE TRIGGER pt_osc_ins AFTER INSERT ON sessions FOR EACH ROW SET @a = 1');
  const { checks, findings } = await doctor({ connection: url });
  t.is(findings, 0);
  t.deepEqual(
    checks.filter(({ state }) => state === 'note').map(({ remedy }) => remedy),
    [['# Only if pt-online-schema-change does not run any more:', 'DROP TRIGGER `pt_osc_ins`;']],
  );
});

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

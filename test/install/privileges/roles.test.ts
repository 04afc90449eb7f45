import test from 'ava';
import { fixedRoles, mayExecute, type Role, routineNames, routines } from '../../../src/contract';
import { DatabaseError } from '../../../src/errors';
import { routinesOfRole } from '../../../src/install/steps/roles';
import { sampleCall } from '../../sql/signature';
import type { TestDatabase } from '../../support/database';
import { SharedScope } from '../../support/scope';
import { createInstallation, type TestInstallation } from '../installation';

// The tests of a role share its installation. No statement of theirs disturbs another test: the
// server refuses all but the calls of routines, and only one test calls them.
const scope = new SharedScope();
const installations = new Map<Role, TestInstallation>();

test.before(async () => {
  for (const role of fixedRoles) {
    installations.set(role, await createInstallation(scope, [role]));
  }
});

test.after.always(() => scope.end());

function installationOf(role: Role): TestInstallation {
  const installation = installations.get(role);
  if (installation === undefined) {
    throw new Error(`The role ${role} has no installation`);
  }
  return installation;
}

/** `done`, or the server's number for why not. */
type Outcome = 'done' | number;

const databaseDenied = 1044;
const tableDenied = 1142;
const globalDenied = 1227;
const noSuchRoutine = 1305;
const routineDenied = 1370;

async function outcomeOf(ask: TestDatabase['query'], statement: string): Promise<Outcome> {
  try {
    await ask(statement);
    return 'done';
  } catch (error) {
    if (error instanceof DatabaseError && error.errno !== undefined) {
      return error.errno;
    }
    throw error;
  }
}

async function outcomesOf(
  ask: TestDatabase['query'],
  statements: readonly string[],
): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  for (const statement of statements) {
    outcomes[statement] = await outcomeOf(ask, statement);
  }
  return outcomes;
}

for (const role of fixedRoles) {
  test(`The role ${role} can call its routines, and no others.`, async (t) => {
    const { ask, query } = installationOf(role);
    await query('CREATE PROCEDURE not_ours() SELECT 1');
    const expected: Record<string, Outcome> = {
      'CALL sess_none()': routineDenied,
      'CALL not_ours()': routineDenied,
    };
    for (const name of routineNames) {
      const outcome = mayExecute(role, name) ? 'done' : routineDenied;
      expected[sampleCall(name, routines[name].signature)] = outcome;
    }
    t.deepEqual(await outcomesOf(ask, Object.keys(expected)), expected);
  });
}

test('The contract lists every routine that is installed.', async (t) => {
  const { query } = await createInstallation(t, []);
  const rows = await query(
    'SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY routine_name',
  );
  t.deepEqual(
    rows.map(([name]) => name),
    routineNames.toSorted(),
  );
});

const onTable: Record<string, Outcome> = {
  'SELECT * FROM sessions': tableDenied,
  'SELECT COUNT(*) FROM sessions': tableDenied,
  'EXPLAIN SELECT * FROM sessions': tableDenied,
  "INSERT INTO sessions (sid) VALUES ('a')": tableDenied,
  "REPLACE INTO sessions (sid) VALUES ('a')": tableDenied,
  "UPDATE sessions SET sess = '{}'": tableDenied,
  'DELETE FROM sessions': tableDenied,
  'TRUNCATE TABLE sessions': tableDenied,
  'DROP TABLE sessions': tableDenied,
  'ALTER TABLE sessions ADD COLUMN a INT': tableDenied,
  'RENAME TABLE sessions TO others': tableDenied,
  'CREATE INDEX an_index ON sessions (created_at)': tableDenied,
  'LOCK TABLES sessions READ': databaseDenied,
  'LOCK TABLES sessions WRITE': databaseDenied,
  'HANDLER sessions OPEN': tableDenied,
  'SHOW CREATE TABLE sessions': tableDenied,
  'SHOW COLUMNS FROM sessions': tableDenied,
  'SHOW INDEX FROM sessions': tableDenied,
  'ANALYZE TABLE sessions': tableDenied,
  'CHECKSUM TABLE sessions': tableDenied,
  'SELECT * FROM sessions_migrations': tableDenied,
  'DELETE FROM sessions_migrations': tableDenied,
  'DROP TABLE sessions_migrations': tableDenied,
};

for (const role of fixedRoles) {
  test(`The role ${role} can't reach the table or the log in any way.`, async (t) => {
    const { ask } = installationOf(role);
    t.deepEqual(await outcomesOf(ask, Object.keys(onTable)), onTable);
  });
}

const inDatabase: Record<string, Outcome> = {
  'CREATE TABLE a_table (a INT)': tableDenied,
  'CREATE TEMPORARY TABLE a_table (a INT)': databaseDenied,
  'CREATE VIEW a_view AS SELECT 1': tableDenied,
  'CREATE PROCEDURE a_procedure() SELECT 1': databaseDenied,
  'CREATE FUNCTION a_function() RETURNS INT DETERMINISTIC NO SQL RETURN 1': databaseDenied,
  'CREATE EVENT an_event ON SCHEDULE EVERY 1 DAY DO SELECT 1': databaseDenied,
  'ALTER PROCEDURE sess_version SQL SECURITY INVOKER': routineDenied,
  'DROP PROCEDURE sess_version': routineDenied,
  'DROP PROCEDURE sess_none': routineDenied,
};

for (const role of fixedRoles) {
  test(`The role ${role} can't create, alter or drop anything in the database.`, async (t) => {
    const { ask, name } = installationOf(role);
    const all: Record<string, Outcome> = {
      ...inDatabase,
      [`DROP DATABASE ${name}`]: databaseDenied,
      [`ALTER DATABASE ${name} CHARACTER SET latin1`]: databaseDenied,
    };
    t.deepEqual(await outcomesOf(ask, Object.keys(all)), all);
  });

  test(`The role ${role} can't create a trigger on the table.`, async (t) => {
    const { ask } = installationOf(role);
    const trigger = 'CREATE TRIGGER a_trigger BEFORE INSERT ON sessions FOR EACH ROW SET @a = 1';
    // With its binary log on, as MySQL has it by default, a server asks for SUPER first.
    const binaryLogDenied = 1419;
    t.true([tableDenied, binaryLogDenied].includes(Number(await outcomeOf(ask, trigger))));
  });
}

for (const role of fixedRoles) {
  test(`The role ${role} can't reach another database.`, async (t) => {
    const { ask, name, query } = installationOf(role);
    const other = `${name}_other`;
    await query(`CREATE DATABASE ${other}`);
    t.teardown(() => query(`DROP DATABASE ${other}`));
    await query(`CREATE TABLE ${other}.a_table (a INT)`);
    const all: Record<string, Outcome> = {
      [`SELECT * FROM ${other}.a_table`]: tableDenied,
      [`CREATE TABLE ${other}.another (a INT)`]: tableDenied,
      [`SHOW TABLES FROM ${other}`]: databaseDenied,
      [`USE ${other}`]: databaseDenied,
      'USE mysql': databaseDenied,
      'SELECT * FROM mysql.user': tableDenied,
    };
    t.deepEqual(await outcomesOf(ask, Object.keys(all)), all);
  });
}

for (const role of fixedRoles) {
  test(`The role ${role} has no power over accounts and the server.`, async (t) => {
    const { ask, name } = installationOf(role);
    const definer = `'${name}.sess_'@'localhost'`;
    const all: Record<string, Outcome> = {
      [`CREATE USER '${name}.new'@'%'`]: globalDenied,
      [`ALTER USER ${definer} ACCOUNT UNLOCK`]: globalDenied,
      [`DROP USER ${definer}`]: globalDenied,
      [`GRANT EXECUTE ON PROCEDURE sess_version TO ${definer}`]: routineDenied,
      'SET GLOBAL read_only = 0': globalDenied,
      'SET GLOBAL event_scheduler = ON': globalDenied,
      'FLUSH TABLES': globalDenied,
      'SHOW BINARY LOGS': globalDenied,
    };
    t.deepEqual(await outcomesOf(ask, Object.keys(all)), all);
  });

  test(`The role ${role} can't see the grants of other accounts.`, async (t) => {
    const { ask, name } = installationOf(role);
    // MariaDB refuses the database of accounts, MySQL a table in it.
    const outcome = await outcomeOf(ask, `SHOW GRANTS FOR '${name}.sess_'@'localhost'`);
    t.true([databaseDenied, tableDenied].includes(Number(outcome)));
  });
}

for (const role of fixedRoles) {
  test(`The role ${role} sees no table, column, index or event in the catalog.`, async (t) => {
    const { ask } = installationOf(role);
    const counts = await Promise.all(
      [
        ['tables', 'table_schema'],
        ['columns', 'table_schema'],
        ['statistics', 'table_schema'],
        ['events', 'event_schema'],
      ].map(async ([view, schema]) => {
        const rows = await ask(
          `SELECT 1 FROM information_schema.${view} WHERE ${schema} = DATABASE()`,
        );
        return rows.length;
      }),
    );
    t.deepEqual(counts, [0, 0, 0, 0]);
  });

  test(`The role ${role} sees its routines in the catalog, without their text.`, async (t) => {
    const { ask } = installationOf(role);
    const rows = await ask(
      `SELECT routine_name, routine_definition FROM information_schema.routines
       WHERE routine_schema = DATABASE() ORDER BY routine_name`,
    );
    t.deepEqual(
      rows,
      routinesOfRole(role, [])
        .toSorted()
        .map((routine) => [routine, null]),
    );
  });

  test(`SHOW CREATE PROCEDURE does not show the text of a routine to the role ${role}.`, async (t) => {
    const { ask } = installationOf(role);
    for (const name of routineNames) {
      if (mayExecute(role, name)) {
        const [row] = await ask(`SHOW CREATE PROCEDURE ${name}`);
        t.is(row?.[2], null, name);
      } else {
        t.is(await outcomeOf(ask, `SHOW CREATE PROCEDURE ${name}`), noSuchRoutine, name);
      }
    }
  });
}

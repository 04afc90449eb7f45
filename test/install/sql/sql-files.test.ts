import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import {
  attributeActions,
  attributeRoles,
  cleanupBatchSize,
  cleanupRestFactor,
  contractVersion,
  fixedRoles,
  mayExecute,
  routineNames,
} from '../../../src/contract';
import { resolveNames } from '../../../src/install/sql/names';
import { readSqlFile, readSqlFolder } from '../../../src/install/sql/sql-files';
import {
  comparableBody,
  forServer,
  statementOf,
  statementsOf,
} from '../../../src/install/sql/statements';
import { allSteps, migrationSteps } from '../../../src/install/steps/all-steps';
import type { DesiredState } from '../../../src/install/steps/desired-state';

const mariaDb = {
  replacesRoutines: true,
  databasesAreLiteral: false,
  readsMariaDbComments: true,
  waitsForCluster: true,
};

const renamed: DesiredState = {
  database: 'shop',
  names: resolveNames({ table: 'logins', prefix: 'lg_', sidColumn: 'id' }),
  definer: 'shop.lg_',
  currentDefiner: false,
  capabilities: mariaDb,
  every: 300,
  attributes: [
    {
      name: 'user_id',
      path: '$.user.id',
      type: 'VARCHAR(64)',
      hasColumn: true,
      hasIndex: true,
      isDifferent: false,
      checksum: undefined,
    },
  ],
  routinesWithoutDefiner: [],
  grants: [],
  inferredGrants: [],
  rights: [],
  table: undefined,
  interruptedRights: [],
};

const steps = allSteps(renamed);
const routines = steps
  .filter(({ kind }) => kind === 'routine')
  .map(({ name, up }) => ({ name, text: up.find((sql) => sql.startsWith('CREATE ')) ?? '' }));
const attributeRoutineNames = attributeRoles('user_id').map((role) => `sess_${role}`);

test('The contract lists exactly the routines that have a file.', (t) => {
  const files = readSqlFolder('routines').map(({ name }) => name);
  t.deepEqual(files.toSorted(), routineNames.toSorted());
});

test('An attribute has a file for each of its routines.', (t) => {
  for (const action of attributeActions) {
    t.regex(readSqlFile(`attributes/sess_${action}_attribute`).body, /^CREATE /);
  }
});

test('Every installation has the routines of the contract and those of its attributes.', (t) => {
  t.deepEqual(
    routines.map(({ name }) => name).toSorted(),
    [...routineNames, ...attributeRoutineNames].toSorted(),
  );
});

for (const { name, text } of routines) {
  test(`The file of ${name} creates the routine of that name.`, (t) => {
    const routine = name.replace('sess_', 'lg_');
    const start = `CREATE /*M! OR REPLACE */ DEFINER = \`shop.lg_\`@\`localhost\` PROCEDURE \`${routine}\` (`;
    t.is(text.slice(0, start.length), start);
  });

  test(`${name} has a manual, the marker of its table, and the privileges of its definer.`, (t) => {
    const [, comment = ''] = /^COMMENT '((?:[^']|'')*)'$/m.exec(text) ?? [];
    t.regex(comment, /^[A-Z].+\n(?:IN|OUT) .+\nknex-mysql-session:logins$/s);
    t.regex(text, /^SQL SECURITY DEFINER$/m);
  });

  test(`${name} has no default name and no placeholder if everything has another name.`, (t) => {
    t.notRegex(text, /`sessions|`sid`|\bsess_(?!gc:)|`attribute|\{\{|sess_definer/);
  });

  test(`${name} is granted to a role.`, (t) => {
    const roles = [...fixedRoles, ...attributeRoles('user_id')];
    t.true(roles.some((role) => mayExecute(role, name)));
  });
}

test('A plan shows the SQL of an include as if it stood in the routine.', (t) => {
  const destroy = routines.find(({ name }) => name === 'sess_destroy');
  t.is(
    destroy?.text.slice(destroy.text.indexOf('BEGIN')),
    [
      'BEGIN',
      '  SET timestamp = DEFAULT;',
      '  /*M! SET check_constraint_checks = 1; */',
      '  IF NOT @@autocommit THEN',
      "    SIGNAL SQLSTATE '25000' SET MESSAGE_TEXT = '`lg_destroy`: autocommit must be 1';",
      '  END IF;',
      '  /*M! SET STATEMENT wsrep_sync_wait = 2 FOR */',
      '  DELETE FROM `logins`',
      '  WHERE',
      '    `id` = CONVERT(p_sid USING ascii) COLLATE ascii_bin',
      '      AND CONVERT(`id` USING binary) = p_sid',
      '  ;',
      '  IF ROW_COUNT() = 0 THEN',
      '    IF NOT COALESCE(',
      '      LENGTH(p_sid) BETWEEN 1 AND 255',
      "        AND CONVERT(p_sid USING latin1) COLLATE latin1_bin NOT REGEXP '[^!-~]',",
      '      0',
      '    ) THEN',
      "      SIGNAL SQLSTATE '45000'",
      "      SET MESSAGE_TEXT = '`lg_destroy`: p_sid must be 1 to 255 visible ASCII characters';",
      '    END IF;',
      '    SELECT 0 AS found;',
      '  END IF;',
      'END',
    ].join('\n'),
  );
});

test('What several files repeat is in an include.', (t) => {
  const folder = join(__dirname, '../../../sql');
  const repeated = [
    'p_sid must be',
    'p_limit must be',
    'at least 1 and end',
    '[^!-~]',
    'CONVERT(p_sid USING ascii) COLLATE',
  ];
  for (const text of repeated) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.sql'))
      .filter((file) => readFileSync(join(folder, file), 'utf8').includes(text));
    t.true(files.length > 0 && files.every((file) => file.startsWith('includes')), text);
  }
});

test('Contract number, batch size, rest factor and interval come from the code.', (t) => {
  const text = steps.flatMap(({ up }) => up).join('\n');
  t.true(text.includes(`  ${contractVersion} AS contract,`));
  t.is(text.split(`v_fetched MOD ${cleanupBatchSize} = 0`).length - 1, 1);
  t.true(text.includes(`CALL \`lg_gc\`(${cleanupBatchSize});`));
  t.true(text.includes(`    ${cleanupRestFactor} * GREATEST(TIMESTAMPDIFF(`));
  t.is(text.split(' 300 SECOND').length - 1, 2);
});

test('The definer is no name but CURRENT_USER if the routines run as the installer.', (t) => {
  const text = allSteps({ ...renamed, currentDefiner: true })
    .flatMap(({ up }) => up)
    .join('\n');
  t.regex(text, /DEFINER = CURRENT_USER PROCEDURE `lg_get`/);
  t.notRegex(text, /localhost/);
});

test('An unknown file is an error that says how to get it.', (t) => {
  t.throws(() => readSqlFile('routines/sess_none'), { message: /sess_none.*npm install/ });
});

test('A text splits into statements at each line that ends with a semicolon.', (t) => {
  t.deepEqual(statementsOf('SELECT 1;\n-- Why.\nSELECT 2,\n  3;\n'), [
    'SELECT 1',
    'SELECT 2,\n  3',
  ]);
});

test('A text of one statement keeps the semicolons in it.', (t) => {
  t.is(statementOf('BEGIN\n  SELECT 1;\nEND;\n'), 'BEGIN\n  SELECT 1;\nEND');
});

test('Every migration can be reverted.', (t) => {
  const names = readSqlFolder('migrations').map(({ name }) => name);
  const up = names
    .filter((name) => name.endsWith('.up'))
    .map((name) => name.replace(/up$/, 'down'));
  t.deepEqual(
    names.filter((name) => name.endsWith('.down')),
    up,
  );
});

test('Migrations are numbered from 1 without a gap.', (t) => {
  const files = readSqlFolder('migrations').filter(({ name }) => name.endsWith('.up'));
  t.deepEqual(
    migrationSteps(renamed).map(({ number }) => number),
    files.map((_, index) => index + 1),
  );
});

test('A MariaDB without Galera gets no instruction to wait for one.', (t) => {
  t.true(routines.some(({ text }) => text.includes('wsrep')));
  for (const { text } of routines) {
    const left = forServer(text, { ...mariaDb, waitsForCluster: false });
    t.false(left.includes('wsrep'));
    t.notRegex(left, /^ *$/m);
  }
});

test('Every other server gets the text unchanged.', (t) => {
  for (const { text } of routines) {
    t.is(forServer(text, mariaDb), text);
    const mySql = { ...mariaDb, readsMariaDbComments: false, waitsForCluster: false };
    t.is(forServer(text, mySql), text);
  }
});

test('A body without the instruction differs for MariaDB, and not for MySQL.', (t) => {
  const [whole, without] = ['/*M! SET STATEMENT wsrep_sync_wait = 1 FOR */\nSELECT 1', 'SELECT  1'];
  const isSame = (readsMariaDbComments: boolean) => {
    const capabilities = {
      ...mariaDb,
      readsMariaDbComments,
      waitsForCluster: readsMariaDbComments,
    };
    return comparableBody(whole, capabilities) === comparableBody(without, capabilities);
  };
  t.false(isSame(true));
  t.true(isSame(false));
});

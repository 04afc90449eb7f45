import test from 'ava';
import { namesOf } from '../../src/install/names';
import { roleExecutes, roles } from '../../src/install/roles';
import {
  comparableBody,
  forServer,
  readSqlFolder,
  render,
  statementOf,
  statementsOf,
} from '../../src/install/sql-files';

const renamed = {
  names: namesOf({ table: 'logins', prefix: 'lg_', sidColumn: 'id' }),
  definer: 'shop.lg_',
  account: { user: 'app', host: '10.%' },
  attribute: 'user_id',
};

const templates = readSqlFolder('sql/templates').filter(({ name }) => name.startsWith('sess_'));
const routines = [
  ...readSqlFolder('sql/routines'),
  ...templates.map(({ name, text }) => ({ name: `${name}_attribute`, text })),
];

test('Every default name in backticks gives way to the chosen one.', (t) => {
  const text =
    '`sessions` `sessions_expired_idx` `sessions_migrations` `sid` `sess_get` `sess_definer` `account`@`host` ' +
    '`attribute` `attribute_idx` `sess_find_attribute` `sess_destroy_attribute`';
  t.is(
    render(text, renamed),
    '`logins` `logins_expired_idx` `logins_migrations` `id` `lg_get` `shop.lg_` `app`@`10.%` ' +
      '`user_id` `user_id_idx` `lg_find_user_id` `lg_destroy_user_id`',
  );
});

test('What stands outside of backticks stays.', (t) => {
  t.is(render('sessions sid sess_get `sess`', renamed), 'sessions sid sess_get `sess`');
});

for (const { name, text } of routines) {
  test(`The file of ${name} makes the routine of that name.`, (t) => {
    t.regex(text, new RegExp(`^CREATE /\\*M! OR REPLACE \\*/ DEFINER = \\S+ PROCEDURE \`${name}\` \\(`, 'm'));
  });

  test(`${name} carries its manual, and runs with the rights of its definer.`, (t) => {
    t.regex(text, /^COMMENT '.+\bfrom|in|of `sessions`/m);
    t.regex(text, /^SQL SECURITY DEFINER$/m);
  });

  test(`${name} has no default name left when everything is renamed.`, (t) => {
    t.notRegex(render(statementOf(text), renamed), /`sessions|`sid`|`sess_|`attribute/);
  });

  test(`${name} is granted to a role.`, (t) => {
    t.true(roles.some((role) => roleExecutes(role, name)));
  });
}

test('Every grant is of a routine that has a file.', (t) => {
  const files = routines.map(({ name }) => name);
  for (const { name, text } of readSqlFolder('sql/grants').filter((file) => file.name !== 'definer')) {
    for (const [, routine = ''] of text.matchAll(/PROCEDURE `(\w+)`/g)) {
      t.true(files.includes(routine), `${name} grants ${routine}`);
    }
  }
});

test('A file of many statements is taken apart where a line ends with a semicolon.', (t) => {
  t.deepEqual(statementsOf('-- why\nSELECT 1;\nSELECT 2,\n  3;\n'), ['SELECT 1', 'SELECT 2,\n  3']);
});

test('A file of one statement keeps the semicolons within it.', (t) => {
  t.is(statementOf('-- why\nBEGIN\n  SELECT 1;\nEND;\n'), 'BEGIN\n  SELECT 1;\nEND');
});

test('Every migration can be taken back.', (t) => {
  const names = readSqlFolder('migrations').map(({ name }) => name);
  const up = names.filter((name) => name.endsWith('.up')).map((name) => name.replace(/up$/, 'down'));
  t.deepEqual(
    names.filter((name) => name.endsWith('.down')),
    up,
  );
});

test('Migrations are numbered from 1 without a gap.', (t) => {
  const numbers = readSqlFolder('migrations')
    .filter(({ name }) => name.endsWith('.up'))
    .map(({ name }) => Number.parseInt(name, 10));
  t.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
});

const mariaDb = { replacesRoutines: true, databasesAreLiteral: false, readsMariaDbComments: true };

test('For a MariaDB that was built without Galera, nothing of a text tells it to wait for one.', (t) => {
  t.true(routines.some(({ text }) => text.includes('wsrep')));
  for (const { text } of routines) {
    t.false(forServer(text, { ...mariaDb, waitsForCluster: false }).includes('wsrep'));
  }
});

test('For any other server a text is left as it is.', (t) => {
  for (const { text } of routines) {
    t.is(forServer(text, { ...mariaDb, waitsForCluster: true }), text);
    t.is(forServer(text, { ...mariaDb, readsMariaDbComments: false, waitsForCluster: false }), text);
  }
});

test('A body without the wait is another one to MariaDB, and the same to MySQL.', (t) => {
  const [whole, without] = ['/*M! SET STATEMENT wsrep_sync_wait = 1 FOR */ SELECT 1', 'SELECT  1'];
  const same = (readsMariaDbComments: boolean) => {
    const capabilities = { ...mariaDb, readsMariaDbComments, waitsForCluster: readsMariaDbComments };
    return comparableBody(whole, capabilities) === comparableBody(without, capabilities);
  };
  t.false(same(true));
  t.true(same(false));
});

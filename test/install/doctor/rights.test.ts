import test from 'ava';
import { type Premises, reaches, rightsIn, rolesIn } from '../../../src/install/doctor/rights';

const lines: Array<[line: string, rights: string[]]> = [
  ['GRANT USAGE ON *.* TO `app`@`%`', []],
  ["GRANT USAGE ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*81F5'", []],
  ['GRANT SELECT, INSERT ON `shop`.* TO `app`@`%`', ['SELECT ON `shop`.*', 'INSERT ON `shop`.*']],
  ['GRANT BACKUP_ADMIN,SET_ANY_DEFINER ON *.* TO `a`@`%`', ['BACKUP_ADMIN ON *.*', 'SET_ANY_DEFINER ON *.*']],
  [
    'GRANT SELECT (`a`, `b`), INSERT ON `shop`.`t` TO `app`@`%`',
    ['SELECT (`a`, `b`) ON `shop`.`t`', 'INSERT ON `shop`.`t`'],
  ],
  [
    'GRANT EXECUTE ON PROCEDURE `shop`.`sess_get` TO `app`@`%` WITH GRANT OPTION',
    ['EXECUTE ON PROCEDURE `shop`.`sess_get`', 'GRANT OPTION ON PROCEDURE `shop`.`sess_get`'],
  ],
  ["GRANT PROXY ON ''@'%' TO 'app'@'%'", ["PROXY ON ''@'%'"]],
  ['GRANT `clerk`@`%` TO `app`@`%`', []],
  ['SET DEFAULT ROLE `clerk` FOR `app`@`%`', []],
];

for (const [line, rights] of lines) {
  test(`${line} is read as ${rights.join(' and ') || 'no right'}.`, (t) => {
    t.deepEqual(
      rightsIn(line).map(({ privilege, on }) => `${privilege} ON ${on}`),
      rights,
    );
  });
}

test('A line with roles tells each of them, on MySQL and MariaDB alike.', (t) => {
  t.deepEqual(rolesIn('GRANT `one`@`%`,`o``ther`@`%` TO `app`@`%`'), ['`one`@`%`', '`o``ther`@`%`']);
  t.deepEqual(rolesIn('GRANT `one` TO `app`@`%`'), ['`one`']);
});

test('A line with privileges tells no role.', (t) => {
  t.deepEqual(rolesIn('GRANT SELECT ON `shop`.* TO `app`@`%`'), []);
});

const premises: Premises = {
  database: 'my_shop',
  tables: ['sessions'],
  routines: ['sess_get'],
  databasesAreLiteral: false,
};
const near = [
  '*.*',
  '`my_shop`.*',
  '`my\\_shop`.*',
  '`my%`.*',
  '`mysql`.*',
  '`mysql`.`user`',
  '`my_shop`.`sessions`',
  'PROCEDURE `my_shop`.`sess_get`',
  "''@'%'",
];
const far = [
  '`my\\_sho`.*',
  '`m._shop`.*',
  '`other`.*',
  '`my_shop`.`orders`',
  '`other`.`sessions`',
  'PROCEDURE `my_shop`.`report`',
  'FUNCTION `my_shop`.`sessions`',
];
for (const on of near) {
  test(`A right on ${on} reaches the sessions.`, (t) => {
    t.true(reaches({ privilege: 'ANY', on }, premises));
  });
}
for (const on of far) {
  test(`A right on ${on} does not reach the sessions.`, (t) => {
    t.false(reaches({ privilege: 'ANY', on }, premises));
  });
}

test('Where the server takes names of databases as they stand, a pattern is a name.', (t) => {
  t.false(reaches({ privilege: 'ANY', on: '`my%`.*' }, { ...premises, databasesAreLiteral: true }));
});

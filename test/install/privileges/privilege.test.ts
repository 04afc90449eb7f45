import test from 'ava';
import { errno } from '../../../src/database/error-codes';
import { DatabaseError } from '../../../src/errors';
import {
  parsePrivileges,
  parseRoles,
  readPrivileges,
} from '../../../src/install/privileges/privilege';

const lines: Array<[line: string, privileges: string[]]> = [
  ['GRANT USAGE ON *.* TO `app`@`%`', []],
  ["GRANT USAGE ON *.* TO `app`@`%` IDENTIFIED BY PASSWORD '*81F5'", []],
  ['GRANT SELECT, INSERT ON `shop`.* TO `app`@`%`', ['SELECT ON `shop`.*', 'INSERT ON `shop`.*']],
  [
    'GRANT BACKUP_ADMIN,SET_ANY_DEFINER ON *.* TO `a`@`%`',
    ['BACKUP_ADMIN ON *.*', 'SET_ANY_DEFINER ON *.*'],
  ],
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

for (const [line, privileges] of lines) {
  test(`The line "${line}" grants ${privileges.join(' and ') || 'no privilege'}.`, (t) => {
    t.deepEqual(
      parsePrivileges(line).map(({ name, on }) => `${name} ON ${on}`),
      privileges,
    );
  });
}

test('Roles are parsed from a line of MySQL and of MariaDB.', (t) => {
  t.deepEqual(parseRoles('GRANT `one`@`%`,`o``ther`@`%` TO `app`@`%`'), [
    '`one`@`%`',
    '`o``ther`@`%`',
  ]);
  t.deepEqual(parseRoles('GRANT `one` TO `app`@`%`'), ['`one`']);
});

test('A line that grants privileges grants no role.', (t) => {
  t.deepEqual(parseRoles('GRANT SELECT ON `shop`.* TO `app`@`%`'), []);
});

test('A role that somebody drops while the grants are read gives no privilege.', async (t) => {
  const granted = [['GRANT `gone` TO `dba`@`%`'], ['GRANT SELECT ON *.* TO `dba`@`%`']];
  const query = async (sql: string) => {
    if (sql.endsWith('CURRENT_USER()')) return granted;
    const details = { code: undefined, errno: errno.noSuchGrant, sqlState: '42000' };
    throw new DatabaseError('There is no such grant defined', details);
  };
  const privileges = await readPrivileges({ query });
  t.deepEqual(
    privileges.map(({ name, on }) => `${name} ON ${on}`),
    ['SELECT ON *.*'],
  );
});

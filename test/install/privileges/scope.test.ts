import test from 'ava';
import { isInScope, type Scope } from '../../../src/install/privileges/scope';

const scope: Scope = {
  database: 'my_shop',
  tables: ['sessions'],
  routines: ['sess_get'],
  databasesAreLiteral: false,
};

const inside = [
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
for (const on of inside) {
  test(`A privilege on ${on} affects the sessions.`, (t) => {
    t.true(isInScope({ name: 'ANY', on }, scope));
  });
}

const outside = [
  '`my\\_sho`.*',
  '`m._shop`.*',
  '`other`.*',
  '`my_shop`.`orders`',
  '`other`.`sessions`',
  'PROCEDURE `my_shop`.`report`',
  'FUNCTION `my_shop`.`sessions`',
];
for (const on of outside) {
  test(`A privilege on ${on} does not affect the sessions.`, (t) => {
    t.false(isInScope({ name: 'ANY', on }, scope));
  });
}

test('If the server reads database names in grants literally, % is no wildcard.', (t) => {
  t.false(isInScope({ name: 'ANY', on: '`my%`.*' }, { ...scope, databasesAreLiteral: true }));
});

import test from 'ava';
import { ArgumentError } from '../../../src/errors';
import { parseAttribute } from '../../../src/install/attributes/attribute';
import { resolveNames } from '../../../src/install/sql/names';
import { userId } from './attributed';

const names = resolveNames();

for (const name of ['a', 'user_id', 'u2', 'order', 'a'.repeat(30)]) {
  test(`An attribute may be called ${name}.`, (t) => {
    t.is(parseAttribute({ ...userId, name }, names).name, name);
  });
}

const badNames = [
  '',
  'User',
  'user-id',
  'user id',
  '1st',
  '_a',
  'p_value',
  'v_value',
  'a'.repeat(31),
  'a`b',
  "a'b",
  'größe',
  'sid',
  'sess',
  'expired',
  'created_at',
  'updated_at',
  'sessions_expired',
];
for (const name of badNames) {
  test(`An attribute can't be called ${JSON.stringify(name)}.`, (t) => {
    const error = t.throws(() => parseAttribute({ ...userId, name }, names), {
      instanceOf: ArgumentError,
    });
    t.is(error?.argument, 'name');
  });
}

test("An attribute can't have the name of the session id column.", (t) => {
  const renamed = resolveNames({ sidColumn: 'Token' });
  t.throws(() => parseAttribute({ ...userId, name: 'token' }, renamed), {
    instanceOf: ArgumentError,
  });
});

for (const path of [
  '$.user',
  '$.user.id',
  '$."user id".x',
  '$.ids[0]',
  '$[0][12]',
  '$."größe"',
  '$."a.b?{}$1"',
]) {
  test(`A path may be ${path}.`, (t) => {
    t.is(parseAttribute({ ...userId, path }, names).path, path);
  });
}

const badPaths = [
  '',
  '$',
  'user.id',
  '$.',
  '$.user id',
  '$.*',
  '$**.id',
  '$.ids[*]',
  '$.ids[last]',
  '$.ids[0 to 1]',
  '$.ids[-1]',
  "$.a'b",
  `$."a'b"`,
  '$."a`b"',
  '$."a\\"b"',
  '$."a\nb"',
  '$."a*"',
  '$."a',
  "$.a') VIRTUAL, DROP COLUMN sess -- ",
  `$.${'a'.repeat(200)}`,
];
for (const path of badPaths) {
  test(`A path can't be ${JSON.stringify(path)}.`, (t) => {
    const error = t.throws(() => parseAttribute({ ...userId, path }, names), {
      instanceOf: ArgumentError,
    });
    t.is(error?.argument, 'path');
  });
}

const types: Record<string, string> = {
  'VARCHAR(1)': 'VARCHAR(1)',
  'varchar ( 255 )': 'VARCHAR(255)',
  int: 'INT',
  'int  unsigned': 'INT UNSIGNED',
  BIGINT: 'BIGINT',
  ' bigint unsigned ': 'BIGINT UNSIGNED',
};
for (const [type, name] of Object.entries(types)) {
  test(`A type may be ${JSON.stringify(type)}.`, (t) => {
    t.is(parseAttribute({ ...userId, type }, names).type, name);
  });
}

const badTypes = [
  '',
  'VARCHAR',
  'VARCHAR(0)',
  'VARCHAR(256)',
  'VARCHAR(64) NOT NULL',
  'TEXT',
  'JSON',
  'INT(11)',
  'UNSIGNED',
];
for (const type of badTypes) {
  test(`A type can't be ${JSON.stringify(type)}.`, (t) => {
    const error = t.throws(() => parseAttribute({ ...userId, type }, names), {
      instanceOf: ArgumentError,
    });
    t.is(error?.argument, 'type');
  });
}

test('A value that is not an attribute is an argument error.', (t) => {
  for (const attribute of [
    undefined,
    null,
    'user_id',
    { name: 'a', path: 7, type: 'INT' },
    { name: 'a', path: '$.a' },
  ]) {
    t.throws(() => parseAttribute(attribute as never, names), { instanceOf: ArgumentError });
  }
});

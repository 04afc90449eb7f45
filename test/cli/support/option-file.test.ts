import test from 'ava';
import { parseOptionFile } from '../../../src/cli/support/option-file';
import { ArgumentError } from '../../../src/errors';

// The clients of MariaDB 10.11 and MySQL 9.7 read each of these lines so: my_print_defaults.
const lines: Array<[line: string, name: string, value: string | undefined]> = [
  ['user=dba', 'user', 'dba'],
  ['  user = dba  ', 'user', 'dba'],
  ['host=db.example   # the primary', 'host', 'db.example'],
  ['host = x ; y', 'host', 'x ; y'],
  ['socket', 'socket', undefined],
  ['socket =', 'socket', ''],
  ['password = ""', 'password', ''],
  ['password = "a#b"', 'password', 'a#b'],
  ["password = 'a#b' # comment", 'password', 'a#b'],
  ['password = a#b', 'password', 'a'],
  ["password = it's#x", 'password', "it's#x"],
  ['password = "a" b', 'password', '"a" b'],
  ["password = 'abc", 'password', "'abc"],
  ["password = quo''ted", 'password', "quo''ted"],
  ['password = "', 'password', '"'],
  ['password = a=b', 'password', 'a=b'],
  [String.raw`password = "a#b\"c\\d\sE"`, 'password', 'a#b"c\\d E'],
  [String.raw`password = a\qb\0\'x`, 'password', String.raw`a\qb\0'x`],
  [String.raw`password = a\#b#c`, 'password', 'a\\'],
  [String.raw`password = 'a\'#b'`, 'password', "a'#b"],
  [String.raw`password = "a\\"`, 'password', 'a\\'],
  [String.raw`ssl_ca = /a\tb`, 'ssl_ca', '/a\tb'],
  ['b = 1 \r', 'b', '1'],
];
for (const [line, name, value] of lines) {
  test(`A line is read as the servers' clients read it: ${JSON.stringify(line)}`, (t) => {
    const [option] = parseOptionFile(`[client]\n${line}\n`, 'my.cnf');
    t.deepEqual(option, { kind: 'option', group: 'client', name, value, origin: 'my.cnf, line 2' });
  });
}

test('Comments and empty lines are no options.', (t) => {
  t.deepEqual(parseOptionFile('# a=1\n  ; b=2\n\n \t\n[client]\n#c=3', 'my.cnf'), []);
});

for (const [line, group] of [
  ['[client]', 'client'],
  ['  [client]   # for all', 'client'],
  ['[CLIENT]', 'client'],
  ['[client ]', 'client'],
  ['[ client ]', ' client'],
] as const) {
  test(`The line ${line} begins the group "${group}".`, (t) => {
    t.like(parseOptionFile(`[mysqld]\n${line}\na=1`, 'my.cnf'), [{ group, name: 'a' }]);
  });
}

for (const [line, kind, path] of [
  ['!include /etc/a b.cnf', 'include', '/etc/a b.cnf'],
  [' ! include /etc/a.cnf # comment', 'include', '/etc/a.cnf'],
  ['!includedir /etc/my.cnf.d/', 'includedir', '/etc/my.cnf.d/'],
] as const) {
  test(`The line ${JSON.stringify(line)} includes ${path}.`, (t) => {
    t.deepEqual(parseOptionFile(line, 'my.cnf'), [{ kind, path, origin: 'my.cnf, line 1' }]);
  });
}

for (const [text, message] of [
  ['password=hunter2', /^Expected `my\.cnf, line 1` to be in a group, such as \[client\], got /],
  ['[client\npassword=hunter2', /^Expected `my\.cnf, line 1` to be a group, such as \[client\], /],
  ['[client]\n!hunter2 x', /^Expected `my\.cnf, line 2` to be !include FILE or !includedir FOLDER/],
  ['!include', /^Expected `my\.cnf, line 1` to be !include FILE/],
] as const) {
  test(`A wrong line is an error that does not show it: ${JSON.stringify(text)}`, (t) => {
    const error = t.throws(() => parseOptionFile(text, 'my.cnf'), { instanceOf: ArgumentError });
    t.regex(String(error?.message), message);
    t.notRegex(String(error?.message), /hunter2/);
  });
}

import test from 'ava';
import { type Outcome, table, verdict } from './outcomes';

const outcomes = (ten: Outcome['result'], eleven: Outcome['result'], mysql: Outcome['result']): Outcome[] => [
  { name: 'mariadb-10.11', result: ten, remark: 'from here' },
  { name: 'mariadb-11.8', result: eleven, remark: 'from there' },
  { name: 'mysql-9.7', result: mysql, remark: 'from nowhere:\n- not this' },
];

test('runs that were green on every server are green together', (t) => {
  t.is(verdict(outcomes('green', 'green', 'green')), 'green');
});

test('one red run makes all of them red', (t) => {
  t.is(verdict(outcomes('green', 'red', 'green')), 'red');
});

test('one MariaDB may be absent', (t) => {
  t.is(verdict(outcomes('absent', 'green', 'green')), 'green');
});

test('runs without MySQL do not suffice', (t) => {
  t.is(verdict(outcomes('green', 'green', 'absent')), 'not enough servers');
});

test('runs without MariaDB do not suffice', (t) => {
  t.is(verdict(outcomes('absent', 'absent', 'green')), 'not enough servers');
});

test('the table has a row for a server, and keeps the lines of a remark in their column', (t) => {
  t.deepEqual(table(outcomes('green', 'red', 'absent')).split('\n'), [
    'green   mariadb-10.11  from here',
    'red     mariadb-11.8   from there',
    'absent  mysql-9.7      from nowhere:',
    '                       - not this',
  ]);
});

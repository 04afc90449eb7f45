import test from 'ava';
import { formatOutcomes, type Outcome, overallResult } from './run';

const outcomes = (
  oldMariadb: Outcome['result'],
  newMariadb: Outcome['result'],
  mysql: Outcome['result'],
): Outcome[] => [
  { name: 'mariadb-10.11', flavor: 'mariadb', result: oldMariadb, remark: 'from here' },
  { name: 'mariadb-11.8', flavor: 'mariadb', result: newMariadb, remark: 'from there' },
  { name: 'mysql-9.7', flavor: 'mysql', result: mysql, remark: 'from nowhere:\n- not this' },
];

test('Runs that pass on every server pass overall.', (t) => {
  t.is(overallResult(outcomes('passed', 'passed', 'passed')), 'passed');
});

test('One failed run fails overall.', (t) => {
  t.is(overallResult(outcomes('passed', 'failed', 'passed')), 'failed');
});

test('One MariaDB can be missing.', (t) => {
  t.is(overallResult(outcomes('missing', 'passed', 'passed')), 'passed');
});

test('Runs without MySQL are not enough.', (t) => {
  t.is(overallResult(outcomes('passed', 'passed', 'missing')), 'not enough servers');
});

test('Runs without MariaDB are not enough.', (t) => {
  t.is(overallResult(outcomes('missing', 'missing', 'passed')), 'not enough servers');
});

test('The table of outcomes keeps the lines of a remark in their column.', (t) => {
  t.deepEqual(formatOutcomes(outcomes('passed', 'failed', 'missing')).split('\n'), [
    'passed   mariadb-10.11  from here',
    'failed   mariadb-11.8   from there',
    'missing  mysql-9.7      from nowhere:',
    '                        - not this',
  ]);
});

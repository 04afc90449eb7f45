import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { formatOutcomes, type Outcome, overallResult, parseRunOptions } from './run';
import { sampleOf } from './support/scale';
import { formatServers, provenServers } from './support/servers';
import { parseTests } from './support/timings';

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

test('Runs on servers of one flavor pass if no server is missing.', (t) => {
  t.is(overallResult(outcomes('passed', 'passed', 'missing').slice(0, 2)), 'passed');
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

const concurrency = `--concurrency=${availableParallelism() + 1}`;

test('A run knows its own options, and passes all others to AVA.', (t) => {
  t.deepEqual(
    parseRunOptions(['--server', 'mysql-9.7', '--timings', '--match=*a*', 'test/a.test.ts']),
    {
      full: false,
      timings: true,
      servers: ['mysql-9.7'],
      avaArguments: [concurrency, '--match=*a*', 'test/a.test.ts'],
    },
  );
});

test('A run can be through a proxy, and an unknown one ends it with the names.', (t) => {
  t.is(parseRunOptions(['--proxy', 'haproxy']).proxy, 'haproxy');
  t.throws(() => parseRunOptions(['--proxy', 'nginx']), { message: /haproxy or mysql-router/ });
});

test('The number of files at once can be chosen.', (t) => {
  t.deepEqual(parseRunOptions(['--concurrency=1']).avaArguments, ['--concurrency=1']);
});

test('A full run is on every server that Debian has, or on the named ones.', (t) => {
  t.deepEqual(parseRunOptions(['--full']).servers, provenServers);
  t.deepEqual(
    parseRunOptions(['--full', '--server', 'mariadb-10.11', '--server', 'mysql-9.7']).servers,
    ['mariadb-10.11', 'mysql-9.7'],
  );
});

test('An unknown server ends the run with the list of names.', (t) => {
  t.throws(() => parseRunOptions(['--server', 'oracle']), { message: /^Unknown server 'oracle'/ });
});

test('docs/servers.md lists every server that a run can name.', async (t) => {
  const page = await readFile(join(__dirname, '../docs/servers.md'), 'utf8');
  t.true(page.includes(`\n${formatServers()}\n`));
});

test('A sample has the first item, the last one, and some between.', (t) => {
  t.deepEqual(sampleOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4), [0, 3, 6, 9]);
  t.deepEqual(sampleOf(['a', 'b'], 4), ['a', 'b']);
});

test('The timings of tests are read from the output of AVA.', (t) => {
  const output = '  ✔ a › b (in c) (1m 2.5s)\n  ✘ [fail]: d (15ms) e\n  ✔ f (120ms)\n  ✔ g';
  t.deepEqual(parseTests(output), [
    { title: 'a › b (in c)', wall: 62.5 },
    { title: 'f', wall: 0.12 },
  ]);
});

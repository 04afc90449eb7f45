import test from 'ava';
import { explainTooOld } from '../../src/database/server-version';

for (const version of [
  '10.6.0-MariaDB',
  '10.11.19-MariaDB-deb12-log',
  '11.4.2-MariaDB',
  '8.0.14',
  '8.0.36-28',
  '8.0.mysql_aurora.3.05',
  '8.4.3',
  '9.7.4',
  'unknown',
]) {
  test(`A server ${version} is new enough.`, (t) => {
    t.is(explainTooOld(version), undefined);
  });
}

for (const [version, oldest] of [
  ['10.5.29-MariaDB', 'MariaDB 10.6.0'],
  ['5.5.68-MariaDB', 'MariaDB 10.6.0'],
  ['8.0.13', 'MySQL 8.0.14'],
  ['5.7.44-log', 'MySQL 8.0.14'],
] as const) {
  test(`A server ${version} is too old.`, (t) => {
    t.regex(String(explainTooOld(version)), new RegExp(`${version}.*${oldest} or later`));
  });
}

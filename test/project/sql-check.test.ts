import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findUnlisted, findUnused, formatConstructs, oldestRelease } from './sql-check';
import { readSqlTexts } from './sql-texts';

const texts = readSqlTexts();
const read = (path: string) => readFile(join(__dirname, '../..', path), 'utf8');

test('The SQL uses nothing but what docs/servers.md lists, and what older servers have.', (t) => {
  t.deepEqual(
    findUnlisted(texts),
    [],
    'Look up since when each server has it. Add it to test/project/sql-constructs.ts, or to ' +
      'test/project/sql-vocabulary.ts if MariaDB 10.2 and MySQL 5.7 have it',
  );
});

test('docs/servers.md lists nothing that no SQL uses.', (t) => {
  t.deepEqual(findUnused(texts), []);
});

test('docs/servers.md has the table of constructs.', async (t) => {
  const page = await read('docs/servers.md');
  t.true(
    page.includes(`\n${formatConstructs()}\n`),
    'Paste what this prints: npx ts-node test/project/sql-check.ts',
  );
});

test('The documentation names the oldest releases that have every construct.', async (t) => {
  const mariadb = `MariaDB ${oldestRelease('mariadb').replace(/\.0$/, '')}`;
  const mysql = `MySQL ${oldestRelease('mysql')}`;
  for (const path of ['README.md', 'docs/dba.md', 'docs/servers.md']) {
    const page = await read(path);
    t.true(page.includes(mariadb), `${path} names ${mariadb}`);
    t.true(page.includes(mysql), `${path} names ${mysql}`);
  }
});

const unlisted = (text: string) =>
  findUnlisted([{ file: 'new.sql', text }]).map((item) => item.replace(/ in new\.sql$/, ''));

test('A function that the table does not list is found.', (t) => {
  t.deepEqual(unlisted('SELECT JSON_OVERLAPS(`sess`, v_tags), JSON_TYPE(`sess`);'), [
    'JSON_OVERLAPS(',
  ]);
});

test('A keyword that the table does not list is found.', (t) => {
  t.deepEqual(unlisted('DELETE FROM {{table}} WHERE {{sid}} = v_sid RETURNING {{sid}};'), [
    'RETURNING',
  ]);
});

test('A word that is known in a construct is found outside of it.', (t) => {
  t.deepEqual(unlisted('CREATE OR REPLACE PROCEDURE {{routine}} ()'), ['REPLACE']);
});

test('A new combination of old words is found.', (t) => {
  t.deepEqual(unlisted('CREATE PROCEDURE IF NOT EXISTS {{routine}} ()'), [
    'PROCEDURE IF NOT EXISTS (MySQL 8.0.29)',
  ]);
});

test('An unlisted comment for one server, variable, table and column are found.', (t) => {
  t.deepEqual(unlisted('SELECT 1 /*M! - 1 */;'), ['/*M! - 1 */']);
  t.deepEqual(unlisted('SET SESSION big_tables = 1'), ['@@big_tables']);
  t.deepEqual(unlisted('SELECT engine FROM information_schema.views'), [
    'information_schema.views.engine',
  ]);
});

test('Strings and quoted names are no SQL.', (t) => {
  t.deepEqual(unlisted("SELECT 'LATERAL', `LATERAL` FROM {{table}}"), []);
});

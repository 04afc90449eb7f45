import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import knex from 'knex';
import { MySQLSessionStore } from '../../src';
import { ArgumentError } from '../../src/errors';
import { koaOptions } from '../../src/options/koa-options';
import { replacedOptions } from '../../src/options/replaced-options';
import { resolveOptions } from '../../src/options/resolve-options';
import { defineStoreOptions } from '../../src/options/store-options';

const connection = 'mysql://app@localhost/shop';

for (const [name, options, message] of [
  ['no options', undefined, /^Expected `options` to be an object, got undefined$/],
  [
    'neither knex nor connection',
    {},
    /^Expected `options` to be .* `knex` or `connection`, got neither: is the variable of the URL unset, such as MYSQL_URL\?$/,
  ],
  ['both', { knex: knex({ client: 'mysql2', connection }), connection }, /got both$/],
  [
    'an unknown option',
    { connection, createTable: true },
    /^Expected `options` .*, got `createTable`: a DBA creates the table with `knex-mysql-session migrate`/,
  ],
  [
    'an object that is not a knex instance',
    { knex: {} },
    /^Expected `knex` to be .*mysql2.*, got an instance of Object$/,
  ],
  ['a number as `connection`', { connection: 3306 }, /^Expected `connection` to be .*, got 3306$/],
  [
    'another protocol',
    { connection: 'postgres://localhost/shop' },
    /^Expected `connection` .*, got one that does not start with mysql:.*$/,
  ],
  [
    'a string that is not a URL',
    { connection: 'localhost' },
    /^Expected `connection` .*, got no URL, or one with special characters.*$/,
  ],
  [
    'a prefix that needs quotes in SQL',
    { connection, routinePrefix: 'a-b' },
    /^Expected `routinePrefix` .*, got "a-b"$/,
  ],
  [
    'a prefix of 21 characters',
    { connection, routinePrefix: 'a'.repeat(21) },
    /^Expected `routinePrefix` .*20 letters/,
  ],
  ['a ttl of 0', { connection, ttl: 0 }, /^Expected `ttl` to be .*more than 0.*, got 0$/],
  ['NaN as `ttl`', { connection, ttl: Number.NaN }, /^Expected `ttl` .*, got NaN$/],
  ['a string as `ttl`', { connection, ttl: '1d' }, /^Expected `ttl` .*, got "1d"$/],
  [
    'another writeMode',
    { connection, writeMode: 'whole' },
    /^Expected `writeMode` to be 'merge' or 'replace', got "whole"$/,
  ],
  [
    'a touchAfter below 0',
    { connection, touchAfter: -1 },
    /^Expected `touchAfter` .*0 or more, got -1$/,
  ],
  [
    'Infinity as `touchAfter`',
    { connection, touchAfter: Infinity },
    /^Expected `touchAfter` .*Infinity$/,
  ],
  [
    'an absoluteTtl of 0',
    { connection, absoluteTtl: 0 },
    /^Expected `absoluteTtl` .*more than 0, got 0$/,
  ],
  [
    'a cleanupInterval of 0',
    { connection, cleanupInterval: 0 },
    /^Expected `cleanupInterval` .*1 to 2147483647, got 0$/,
  ],
  [
    'a `cleanupInterval` above the limit of a timer',
    { connection, cleanupInterval: 2 ** 31 },
    /^Expected `cleanupInterval` /,
  ],
  [
    'a string as a boolean option',
    { connection, disableDbCleanup: 'yes' },
    /^Expected `disableDbCleanup` to be a boolean, got "yes"$/,
  ],
  [
    'a number as an error handler',
    { connection, onDbCleanupError: 1 },
    /^Expected `onDbCleanupError` /,
  ],
  [
    'a string as `hashIds`',
    { connection, hashIds: 'sha256' },
    /^Expected `hashIds` to be a boolean, got "sha256"$/,
  ],
  [
    '`encryption` without keys',
    { connection, encryption: {} },
    /^Expected `encryption.keys` to be an array of keys, got undefined$/,
  ],
  [
    'a serializer without parse',
    { connection, serializer: { stringify: JSON.stringify } },
    /^Expected `serializer` /,
  ],
] as const) {
  test(`The constructor refuses ${name}.`, (t) => {
    const construct = () => Reflect.construct(MySQLSessionStore, [options]);
    t.throws(construct, { instanceOf: ArgumentError, message });
  });
}

test('The constructor refuses a knex instance for another database.', (t) => {
  const sqlite = knex({ client: 'pg' });
  t.throws(() => new MySQLSessionStore({ knex: sqlite }), {
    instanceOf: ArgumentError,
    message: /got one for pg$/,
  });
});

test('Every option has an effect: a layer above the options reads it.', (t) => {
  const names = Object.keys({ ...defineStoreOptions(), ...koaOptions });
  const source = join(__dirname, '../../src');
  const code = ['stores', 'sessions', 'routines']
    .flatMap((folder) =>
      readdirSync(join(source, folder)).map((file) => join(source, folder, file)),
    )
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const unused = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code));
  t.deepEqual(unused, []);
});

test('The error for an unknown option lists every option of the store.', (t) => {
  const names = Object.keys(defineStoreOptions());
  const { message } = t.throws(() => resolveOptions(JSON.parse('{ "colour": "s" }')));
  t.is(message, `Expected \`options\` to be made of ${names.join(', ')}, got \`colour\``);
});

for (const [name, hint] of [
  ['conection', 'did you mean `connection`?'],
  ['retrybudget', 'did you mean `retryBudget`?'],
  ['cleanUpIntervall', 'did you mean `cleanupInterval`?'],
  ['hashId', 'did you mean `hashIds`?'],
  ['clearInterval', 'use `cleanupInterval`, in milliseconds, or '],
  ['tablename', '`migrate --table NAME` names the table'],
] as const) {
  test(`The error for the option ${name} says: ${hint}`, (t) => {
    const { message } = t.throws(() => resolveOptions(JSON.parse(`{ "${name}": 1 }`)));
    t.true(message.includes(`, got \`${name}\`: ${hint}`), message);
  });
}

test('Each option of another store in docs/migration has a hint in the error for it.', (t) => {
  const guides = join(__dirname, '../../docs/migration');
  const pages = readdirSync(guides).map((page) => readFileSync(join(guides, page), 'utf8'));
  const rows = pages
    .flatMap((page) => page.split('\n\n'))
    .filter((table) => table.startsWith('| option'))
    .flatMap((table) => table.split('\n').slice(2));
  const cells = rows.map((row) => row.split('|')[1] ?? '').filter((cell) => !/argument/.test(cell));
  const names = cells.flatMap((cell) =>
    [...cell.matchAll(/`(\w+)/g)].map(([, name]) => String(name)),
  );
  const known = Object.keys({ ...defineStoreOptions(), ...koaOptions });
  const foreign = names.filter((name) => !known.includes(name));
  t.true(foreign.length > 60);
  t.deepEqual(
    foreign.filter((name) => replacedOptions[name.toLowerCase()] === undefined),
    [],
  );
});

test('The error for a wrong connection does not show the password.', (t) => {
  const wrong = { connection: 'mongodb://app:s3cret@localhost/shop' };
  t.notRegex(t.throws(() => new MySQLSessionStore(wrong)).message, /s3cret/);
});

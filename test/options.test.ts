import test from 'ava';
import knex from 'knex';
import { MySQLSessionStore } from '../src';
import { ArgumentError } from '../src/errors';

const connection = 'mysql://app@localhost/shop';

for (const [name, options, message] of [
  ['no options', undefined, /^Expected `options` to be an object, got undefined$/],
  ['neither knex nor connection', {}, /^Expected `options` to be .* `knex` or `connection`, got neither$/],
  ['both', { knex: {}, connection }, /got both$/],
  [
    'an option that does not exist',
    { connection, createTable: true },
    /^Expected `options` .*, got `createTable`$/,
  ],
  ['a knex that is none', { knex: {} }, /^Expected `knex` to be .*mysql2.*, got an instance of Object$/],
  ['a connection that is a number', { connection: 3306 }, /^Expected `connection` to be .*, got 3306$/],
  [
    'another protocol',
    { connection: 'postgres://localhost/shop' },
    /^Expected `connection` .*, got one with postgres:$/,
  ],
  [
    'a text that is no URL',
    { connection: 'localhost' },
    /^Expected `connection` .*, got one with no protocol$/,
  ],
  [
    'a prefix that SQL would have to quote',
    { connection, routinePrefix: 'a-b' },
    /^Expected `routinePrefix` .*, got "a-b"$/,
  ],
  [
    'a prefix that is too long',
    { connection, routinePrefix: 'a'.repeat(21) },
    /^Expected `routinePrefix` .*20 letters/,
  ],
  ['a ttl of 0', { connection, ttl: 0 }, /^Expected `ttl` to be .*more than 0.*, got 0$/],
  ['a ttl that is NaN', { connection, ttl: Number.NaN }, /^Expected `ttl` .*, got NaN$/],
  ['a ttl that is a text', { connection, ttl: '1d' }, /^Expected `ttl` .*, got "1d"$/],
  [
    'another writeMode',
    { connection, writeMode: 'whole' },
    /^Expected `writeMode` to be 'merge' or 'replace', got "whole"$/,
  ],
  ['a touchAfter below 0', { connection, touchAfter: -1 }, /^Expected `touchAfter` .*0 or more, got -1$/],
  ['a touchAfter without end', { connection, touchAfter: Infinity }, /^Expected `touchAfter` .*Infinity$/],
  ['an absoluteTtl of 0', { connection, absoluteTtl: 0 }, /^Expected `absoluteTtl` .*more than 0, got 0$/],
  [
    'a cleanupInterval of 0',
    { connection, cleanupInterval: 0 },
    /^Expected `cleanupInterval` .*1 to 2147483647, got 0$/,
  ],
  [
    'a cleanupInterval beyond what a timer takes',
    { connection, cleanupInterval: 2 ** 31 },
    /^Expected `cleanupInterval` /,
  ],
  [
    'a switch that is no boolean',
    { connection, disableDbCleanup: 'yes' },
    /^Expected `disableDbCleanup` to be a boolean, got "yes"$/,
  ],
  [
    'an error handler that is no function',
    { connection, onDbCleanupError: 1 },
    /^Expected `onDbCleanupError` /,
  ],
  [
    'hashIds that is no boolean',
    { connection, hashIds: 'sha256' },
    /^Expected `hashIds` to be a boolean, got "sha256"$/,
  ],
  [
    'an encryption without keys',
    { connection, encryption: {} },
    /^Expected `encryption.keys` to be an array of keys, got undefined$/,
  ],
  [
    'a serializer without parse',
    { connection, serializer: { stringify: JSON.stringify } },
    /^Expected `serializer` /,
  ],
] as const) {
  test(`A store with ${name} is refused at construction.`, (t) => {
    const construct = () => Reflect.construct(MySQLSessionStore, [options]);
    t.throws(construct, { instanceOf: ArgumentError, message });
  });
}

test('A knex instance for another database is refused.', (t) => {
  const sqlite = knex({ client: 'pg' });
  t.throws(() => new MySQLSessionStore({ knex: sqlite }), {
    instanceOf: ArgumentError,
    message: /got one for pg$/,
  });
});

test('The error for a wrong connection does not show the password.', (t) => {
  const wrong = { connection: 'mongodb://app:s3cret@localhost/shop' };
  t.notRegex(t.throws(() => new MySQLSessionStore(wrong)).message, /s3cret/);
});

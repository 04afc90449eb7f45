import test from 'ava';
import knex from 'knex';
import { createPool } from 'mysql2';
import { ArgumentError, MySQLSessionStore } from '../../src';
import { assertTlsIsKnown } from '../../src/database/ssl-mode';
import { install } from '../../src/install';
import { runCli } from '../cli/run-cli';

const secret = 'cr3t';

/** Returns the error of a value that is refused at construction, without a connection. */
function refusalOf(connection: unknown): ArgumentError {
  try {
    new MySQLSessionStore({ connection: connection as string, disableDbCleanup: true });
  } catch (error) {
    if (error instanceof ArgumentError) return error;
    throw error;
  }
  throw new Error('The connection was accepted.');
}

const wrongUrls: Readonly<Record<string, RegExp>> = {
  'mysql://u:p@ss/w#rcr3t@host/db': /write %2F for \//,
  'mysql://u:p/cr3t@host/db': /write %2F for \//,
  'mysql://u:1/cr3t@host/db': /write %2F for \//,
  'mysql://u:1#cr3t@host/db': /%23 for #/,
  'mysql://u:1?cr3t@host/db': /%3F for \?/,
  'mysql://u:p#cr3t@host/db': /%23 for #/,
  'mysql://u:p?cr3t@host/db': /%3F for \?/,
  'mysql://u:100%cr3t@host/db': /write %25/,
  'mysql://u:cr3t@host/db/table': /more than the name of a database/,
  'mysql://u:cr3t@host/db#part': /more than the name of a database/,
  'postgres://u:cr3t@host/db': /mysql:\/\/ or mariadb:\/\//,
  'u:cr3t@host/db': /mysql:\/\/ or mariadb:\/\//,
  cr3t: /no URL/,
  '': /no URL/,
};

for (const [url, message] of Object.entries(wrongUrls)) {
  test(`The URL ${url} is refused by store, install and commands, and no error shows a part of it.`, async (t) => {
    const installed = await t.throwsAsync(async () => install({ connection: url }), {
      instanceOf: ArgumentError,
    });
    const { code, stderr } = await runCli(['plan', '--url', url]);
    t.true(code !== 0);
    const errors = [refusalOf(url).message, refusalOf({ uri: url }).message, installed?.message];
    if (url !== '') errors.push(stderr);
    for (const text of errors) {
      t.regex(String(text), message);
      for (const piece of [secret, '@ss', 'ss/w', 'u:']) t.false(text?.includes(piece), text);
    }
  });
}

const wrongKinds: Readonly<Record<string, [value: unknown, got: RegExp]>> = {
  'a URL object': [new URL('mysql://u:cr3t@host/db'), /an instance of URL: pass its href$/],
  'a promise': [Promise.resolve('mysql://u:cr3t@host/db'), /got an instance of Promise$/],
  'an empty object': [{}, /with uri, host, socketPath, got none of these$/],
  'settings without a server': [{ user: 'u', password: secret }, /got none of these$/],
  'a knex instance': [knex({ client: 'mysql2', connection: 'mysql://u@h/d' }), /got a function$/],
  'a connection with methods': [new (class Pool {})(), /got an instance of Pool$/],
  nothing: [undefined, /got neither: is the variable of the URL unset, such as MYSQL_URL\?$/],
  null: [null, /got null$/],
  'a number': [3306, /got 3306$/],
  'a list with nothing': [['mysql://u@h/d', undefined], /`connection\[1\]`.*got undefined$/],
};

for (const [kind, [value, got]] of Object.entries(wrongKinds)) {
  test(`As a connection, ${kind} is refused at construction.`, (t) => {
    const { message } = refusalOf(value);
    t.regex(message, got);
    t.false(message.includes(secret));
  });
}

test('A knex instance without a connection is refused, and the error names the likely cause.', (t) => {
  t.throws(
    () =>
      new MySQLSessionStore({ knex: knex(Object({ client: 'mysql2', connection: undefined })) }),
    {
      instanceOf: ArgumentError,
      message:
        /^Expected `knex` .*, got one without: is the variable of its URL unset, such as MYSQL_URL\?$/,
    },
  );
});

/** By driver, client, framework or hosting company. */
const tlsNames = [
  'sslmode',
  'ssl_mode',
  'sslMode',
  'SSL-MODE',
  'useSSL',
  'requireSSL',
  'sslaccept',
  'sslcert',
  'sslca',
  'ssl-ca',
  'ssl_ca',
  'ssl-verify-server-cert',
  'sslrootcert',
  'serverSslCert',
  'verifyServerCertificate',
  'trustServerCertificate',
  'trustCertificateKeyStoreUrl',
  'clientCertificateKeyStoreUrl',
  'trustStore',
  'keyStore',
  'enabledTLSProtocols',
  'tls',
  'tlsVersion',
  'tls-ca',
  'encrypt',
  'useEncryption',
  'require_secure_transport',
];

for (const name of tlsNames) {
  test(`A connection that asks for TLS by ${name} is refused everywhere, because the driver ignores it.`, async (t) => {
    const url = `mysql://u:${secret}@127.0.0.1:1/d?${name}=REQUIRED`;
    const expected = {
      instanceOf: ArgumentError,
      message: new RegExp(`with ${name}, which the driver ignores`),
    };
    t.throws(() => new MySQLSessionStore({ connection: url }), expected);
    t.throws(() => new MySQLSessionStore({ connection: [url, url] }), expected);
    t.throws(() => new MySQLSessionStore({ connection: { uri: url } }), expected);
    t.throws(
      () => new MySQLSessionStore({ connection: Object({ host: '127.0.0.1', [name]: true }) }),
      expected,
    );
    for (const connection of [url, { uri: url }, Object({ host: 'h', [name]: true })]) {
      const pool = knex({ client: 'mysql2', connection });
      t.throws(() => new MySQLSessionStore({ knex: pool }), expected);
    }
    await t.throwsAsync(async () => install({ connection: url }), expected);
    const { code, stderr } = await runCli(['status', '--url', url]);
    t.true(code !== 0);
    t.regex(stderr, expected.message);
  });
}

test('In a knex instance, ssl-mode is refused too: only the store translates it.', (t) => {
  const pool = knex({ client: 'mysql2', connection: 'mysql://u@h/d?ssl-mode=VERIFY_IDENTITY' });
  t.throws(() => new MySQLSessionStore({ knex: pool }), {
    instanceOf: ArgumentError,
    message: /^Expected `knex` .*ssl-mode, which the driver ignores/,
  });
});

test('ssl=true is refused, because it does not say what to verify.', (t) => {
  t.regex(refusalOf('mysql://u@h/d?ssl=true').message, /ssl-mode=REQUIRED.*ssl=true/);
});

test('No other setting of mysql2 is refused as TLS.', (t) => {
  const { config } = Object(createPool({ host: 'h' }));
  const settings = Object.keys(config.connectionConfig);
  t.true(settings.length > 30);
  t.notThrows(() => assertTlsIsKnown('connection', settings));
});

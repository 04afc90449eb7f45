import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { DatabaseError } from '../../src';
import { install } from '../../src/install';
import { runCli } from '../cli/cli';
import { bootForFile } from '../matrix/private-server';
import { createInstallation, passwordOf } from './accounts';
import { type Certificates, createCertificates } from './certificates';
import { type Connection, keepsASession, openStore } from './store';

let certificates: Certificates;

bootForFile(async () => {
  certificates = await createCertificates();
  const { ca, serverCert, serverKey } = certificates;
  return [`--ssl-ca=${ca}`, `--ssl-cert=${serverCert}`, `--ssl-key=${serverKey}`];
});

test.after.always(() => certificates.remove());

function createTlsInstallation(t: ExecutionContext, requirement = 'REQUIRE SSL') {
  return createInstallation(t, () => requirement);
}

function withQuery(url: string, query: Record<string, string>): string {
  return Object.assign(new URL(url), { search: new URLSearchParams(query).toString() }).href;
}

function withHost(url: string, hostname: string): string {
  return Object.assign(new URL(url), { hostname }).href;
}

// 127.0.0.1 as systems take it too, which no certificate is for.
const anotherHost = '127.1';

const read = (path: string) => readFileSync(path, 'utf8');

const ways: Record<string, (url: string) => Connection> = {
  'a URL with ssl-mode=REQUIRED': (url) => withQuery(url, { 'ssl-mode': 'REQUIRED' }),
  "a URL with mysql2's ssl": (url) => withQuery(url, { ssl: JSON.stringify({ ca: read(certificates.ca) }) }),
  'settings with ssl': (uri) => ({ uri, ssl: { ca: read(certificates.ca) } }),
  'settings with ssl, and VERIFY_IDENTITY in the URL': (url) => ({
    uri: withQuery(withHost(url, 'localhost'), { 'ssl-mode': 'VERIFY_IDENTITY' }),
    ssl: { ca: read(certificates.ca) },
  }),
};

for (const [name, connection] of Object.entries(ways)) {
  test(`A store with ${name} works with an account that requires TLS.`, async (t) => {
    const { account } = await createTlsInstallation(t);
    await keepsASession(t, connection(account.url));
  });
}

test('A store with a certificate of its own works with an account that requires one.', async (t) => {
  const { account } = await createTlsInstallation(t, 'REQUIRE X509');
  const { ca, clientCert, clientKey } = certificates;
  const ssl = { ca: read(ca), cert: read(clientCert), key: read(clientKey) };
  await keepsASession(t, { uri: account.url, ssl });
});

test('install() with ssl-mode in the URL works with an account that requires TLS.', async (t) => {
  const { account, query } = await createTlsInstallation(t);
  await query(`GRANT ALL ON *.* TO ${account.name}`);
  t.deepEqual(await install({ connection: withQuery(account.url, { 'ssl-mode': 'REQUIRED' }) }), []);
});

const refusals: Record<string, [connection: (url: string) => Connection, message: RegExp]> = {
  'without TLS for an account that requires it': [(url) => url, /Access denied for user/],
  'with ssl-mode=DISABLED for an account that requires TLS': [
    (url) => withQuery(url, { 'ssl-mode': 'DISABLED' }),
    /Access denied for user/,
  ],
  'with the certificate of another authority': [
    (uri) => ({ uri, ssl: { ca: read(certificates.otherCa) } }),
    /certificate/,
  ],
  'with ssl-mode=VERIFY_CA, to a server whose authority nobody knows': [
    (url) => withQuery(url, { 'ssl-mode': 'VERIFY_CA' }),
    /certificate/,
  ],
  "with VERIFY_IDENTITY, to a host that the server's certificate is not for": [
    (url) => ({
      uri: withQuery(withHost(url, anotherHost), { 'ssl-mode': 'VERIFY_IDENTITY' }),
      ssl: { ca: read(certificates.ca) },
    }),
    /does not match certificate/,
  ],
};

for (const [name, [connection, message]] of Object.entries(refusals)) {
  test(`A connection ${name} fails clearly, and shows no password.`, async (t) => {
    const { account } = await createTlsInstallation(t);
    const store = openStore(t, connection(account.url));
    const error = await t.throwsAsync(store.ready(), { instanceOf: DatabaseError, message });
    t.false(JSON.stringify([error, error?.message, error?.stack]).includes(passwordOf(account.url)));
  });
}

test('An ssl-mode that does not exist is refused, with those that do.', (t) => {
  t.throws(() => openStore(t, 'mysql://app@db.example/shop?ssl-mode=PREFERRED'), {
    message:
      'Expected `ssl-mode` to be one of DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY, got "PREFERRED"',
  });
});

async function createAdministrator(t: ExecutionContext, requirement?: string) {
  const { account, query } = await createTlsInstallation(t, requirement);
  await query(`GRANT ALL ON *.* TO ${account.name}`);
  return account;
}

const options: Record<string, () => string[]> = {
  '--ssl-ca': () => ['--ssl-ca', certificates.ca],
  '--ssl-mode VERIFY_IDENTITY and --ssl-ca': () => [
    '--ssl-mode',
    'VERIFY_IDENTITY',
    '--ssl-ca',
    certificates.ca,
  ],
};

for (const [name, args] of Object.entries(options)) {
  test(`A command with ${name} works with an account that requires TLS.`, async (t) => {
    const { url } = await createAdministrator(t);
    t.like(await runCli(['status', '--url', withHost(url, 'localhost'), ...args()]), { code: 0, stderr: '' });
  });
}

test('A command with --ssl-cert and --ssl-key works with an account that requires a certificate.', async (t) => {
  const { url } = await createAdministrator(t, 'REQUIRE X509');
  const { clientCert, clientKey } = certificates;
  const args = ['status', '--url', url, '--ssl-cert', clientCert, '--ssl-key', clientKey];
  t.like(await runCli(args), { code: 0, stderr: '' });
});

test('A command with the certificate of another authority fails in one sentence without the password.', async (t) => {
  const { url } = await createAdministrator(t);
  const { code, stderr } = await runCli(['status', '--url', url, '--ssl-ca', certificates.otherCa]);
  t.is(code, 1);
  t.regex(stderr, /^error: TLS with 127\.0\.0\.1:\d+ failed: .*certificate.*\n$/);
  t.false(stderr.includes(passwordOf(url)));
});

test('A command with --ssl-mode DISABLED for an account that requires TLS says what may be amiss.', async (t) => {
  const { url } = await createAdministrator(t);
  const { code, stderr } = await runCli(['status', '--url', url, '--ssl-mode', 'DISABLED']);
  t.is(code, 1);
  t.regex(stderr, /^error: Access denied for user .*--ssl-mode.*\n$/);
  t.false(stderr.includes(passwordOf(url)));
});

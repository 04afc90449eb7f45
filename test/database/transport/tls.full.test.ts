import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { DatabaseError } from '../../../src';
import { install } from '../../../src/install';
import { createHome } from '../../cli/home';
import { runCli } from '../../cli/run-cli';
import { bootForFile } from '../../support/boot';
import { createInstallation, passwordOf } from './accounts';
import { type Certificates, createCertificates } from './certificates';
import { assertSessionIsStored, type Connection, openStore } from './store';

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

// Another name for 127.0.0.1. No certificate has it.
const anotherHost = '127.1';

const read = (path: string) => readFileSync(path, 'utf8');

const connections: Record<string, (url: string) => Connection> = {
  'a URL with ssl-mode=REQUIRED': (url) => withQuery(url, { 'ssl-mode': 'REQUIRED' }),
  "a URL with mysql2's ssl": (url) =>
    withQuery(url, { ssl: JSON.stringify({ ca: read(certificates.ca) }) }),
  'settings with ssl': (uri) => ({ uri, ssl: { ca: read(certificates.ca) } }),
  'settings with ssl, and VERIFY_IDENTITY in the URL': (url) => ({
    uri: withQuery(withHost(url, 'localhost'), { 'ssl-mode': 'VERIFY_IDENTITY' }),
    ssl: { ca: read(certificates.ca) },
  }),
};

for (const [name, connection] of Object.entries(connections)) {
  test(`A store with ${name} works for an account that requires TLS.`, async (t) => {
    const { account } = await createTlsInstallation(t);
    await assertSessionIsStored(t, connection(account.url));
  });
}

test('A store with a client certificate works for an account that requires one.', async (t) => {
  const { account } = await createTlsInstallation(t, 'REQUIRE X509');
  const { ca, clientCert, clientKey } = certificates;
  const ssl = { ca: read(ca), cert: read(clientCert), key: read(clientKey) };
  await assertSessionIsStored(t, { uri: account.url, ssl });
});

test('install() with ssl-mode in the URL works for an account that requires TLS.', async (t) => {
  const { account, query } = await createTlsInstallation(t);
  await query(`GRANT ALL ON *.* TO ${account.name}`);
  t.deepEqual(
    await install({ connection: withQuery(account.url, { 'ssl-mode': 'REQUIRED' }) }),
    [],
  );
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
  'with ssl-mode=VERIFY_CA to a server with an unknown authority': [
    (url) => withQuery(url, { 'ssl-mode': 'VERIFY_CA' }),
    /certificate/,
  ],
  "with VERIFY_IDENTITY to a host that is not in the server's certificate": [
    (url) => ({
      uri: withQuery(withHost(url, anotherHost), { 'ssl-mode': 'VERIFY_IDENTITY' }),
      ssl: { ca: read(certificates.ca) },
    }),
    /does not match certificate/,
  ],
};

for (const [name, [connection, message]] of Object.entries(refusals)) {
  test(`The error of a connection ${name} has the reason and no password.`, async (t) => {
    const { account } = await createTlsInstallation(t);
    const store = openStore(t, connection(account.url));
    const error = await t.throwsAsync(store.ready(), { instanceOf: DatabaseError, message });
    t.false(
      JSON.stringify([error, error?.message, error?.stack]).includes(passwordOf(account.url)),
    );
  });
}

test('An unknown ssl-mode is refused with a list of the known ones.', (t) => {
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
  test(`A command with ${name} works for an account that requires TLS.`, async (t) => {
    const { url } = await createAdministrator(t);
    const environment = { MYSQL_URL: withHost(url, 'localhost') };
    t.like(await runCli(['status', ...args()], environment), { code: 0, stderr: '' });
  });
}

for (const verification of ['ssl-mode=VERIFY_IDENTITY', 'ssl-verify-server-cert']) {
  test(`An option file with ${verification} verifies the server.`, async (t) => {
    const { url } = await createAdministrator(t);
    const { port, username, pathname } = new URL(url);
    const group =
      `[client]\nhost=localhost\nport=${port}\nuser=${decodeURIComponent(username)}\n` +
      `password="${passwordOf(url)}"\ndatabase=${pathname.slice(1)}\n${verification}\n`;
    const run = (ca: string) =>
      runCli(['status'], { HOME: createHome(t, `${group}ssl_ca=${ca}\n`) });
    t.like(await run(certificates.ca), { code: 0, stderr: '' });
    const { code, stderr } = await run(certificates.otherCa);
    t.is(code, 1);
    t.regex(stderr, /^error: TLS with localhost:\d+ failed: .*certificate.*\n$/);
  });
}

test('A command with --ssl-cert and --ssl-key works for an account that requires a certificate.', async (t) => {
  const { url } = await createAdministrator(t, 'REQUIRE X509');
  const { clientCert, clientKey } = certificates;
  const args = ['status', '--ssl-cert', clientCert, '--ssl-key', clientKey];
  t.like(await runCli(args, { MYSQL_URL: url }), { code: 0, stderr: '' });
});

test('The error of a command with the wrong authority is one sentence without the password.', async (t) => {
  const { url } = await createAdministrator(t);
  const { code, stderr } = await runCli(['status', '--ssl-ca', certificates.otherCa], {
    MYSQL_URL: url,
  });
  t.is(code, 1);
  t.regex(stderr, /^error: TLS with 127\.0\.0\.1:\d+ failed: .*certificate.*\n$/);
  t.false(stderr.includes(passwordOf(url)));
});

test('A command with --ssl-mode DISABLED for an account that requires TLS names the option.', async (t) => {
  const { url } = await createAdministrator(t);
  const { code, stderr } = await runCli(['status', '--ssl-mode', 'DISABLED'], { MYSQL_URL: url });
  t.is(code, 1);
  t.regex(stderr, /^error: Access denied for user .*--ssl-mode.*\n$/);
  t.false(stderr.includes(passwordOf(url)));
});

import test from 'ava';
import { parseClientOptions } from '../../../src/cli/support/client-options';
import type { TlsFlags } from '../../../src/cli/support/command-options';
import { parseOptionFile } from '../../../src/cli/support/option-file';
import { ArgumentError } from '../../../src/errors';

function parse(text: string, flags: TlsFlags = {}, group = 'client') {
  const entries = parseOptionFile(`[${group}]\n${text}`, 'my.cnf');
  return parseClientOptions(
    entries.flatMap((entry) => (entry.kind === 'option' ? [entry] : [])),
    flags,
  );
}

test('Each option of a connection is read.', (t) => {
  const text =
    'host=db.example\nport=3307\nuser=dba\npassword=secret\ndatabase=shop\nconnect_timeout=5\n' +
    'ssl-ca=/ca.pem\nssl_cert=/cert.pem\nssl-key=/key.pem\nssl-mode=verify_identity';
  t.deepEqual(parse(text), {
    host: 'db.example',
    port: 3307,
    socket: undefined,
    user: 'dba',
    password: 'secret',
    asksPassword: false,
    database: 'shop',
    connectTimeout: 5,
    tls: {
      sslMode: 'VERIFY_IDENTITY',
      sslCa: '/ca.pem',
      sslCert: '/cert.pem',
      sslKey: '/key.pem',
    },
  });
});

test('The last value of an option counts.', (t) => {
  t.is(parse('user=one\nuser=two').user, 'two');
});

test('What other programs need is ignored.', (t) => {
  const text = 'default-character-set=utf8mb4\nplugin_dir=/x\nno-beep\nloose-ssl-capath=/x';
  t.like(parse(`${text}\nloose-user=dba`), { user: 'dba', tls: {} });
});

test('A password without a value asks for it, and an empty one does not.', (t) => {
  t.like(parse('password'), { password: undefined, asksPassword: true });
  t.like(parse('password='), { password: '', asksPassword: false });
});

for (const [text, socket] of [
  ['socket=/s.sock', '/s.sock'],
  ['socket=/s.sock\nhost=localhost', '/s.sock'],
  ['socket=/s.sock\nhost=db.example', undefined],
  ['socket=/s.sock\nprotocol=TCP', undefined],
  ['socket=/s.sock\nhost=db.example\nprotocol=socket', '/s.sock'],
] as const) {
  test(`The socket of ${JSON.stringify(text)} is ${socket}.`, (t) => {
    t.is(parse(text).socket, socket);
  });
}

const tlsCases: Array<[text: string, flags: TlsFlags, mode: string | undefined]> = [
  ['user=dba', {}, undefined],
  ['ssl', {}, 'REQUIRED'],
  ['ssl=ON', {}, 'REQUIRED'],
  ['enable-ssl', {}, 'REQUIRED'],
  ['skip-ssl', {}, 'DISABLED'],
  ['ssl=0\nssl-ca=/ca.pem', {}, 'DISABLED'],
  ['ssl-verify-server-cert', {}, 'VERIFY_IDENTITY'],
  ['disable-ssl-verify-server-cert', {}, undefined],
  ['ssl-ca=/ca.pem', {}, undefined],
  ['ssl-ca=/ca.pem\nssl-verify-server-cert=0', {}, 'REQUIRED'],
  ['ssl\nssl-ca=/ca.pem', {}, undefined],
  ['ssl-mode=REQUIRED\nssl=0', {}, 'REQUIRED'],
  // The command line replaces what the file says, and never weakens it by accident.
  ['ssl-mode=PREFERRED', { sslMode: 'DISABLED' }, undefined],
  ['ssl', { sslCa: '/ca.pem' }, undefined],
  ['skip-ssl', { sslCa: '/ca.pem' }, undefined],
  ['ssl-mode=VERIFY_IDENTITY', { sslCert: '/cert.pem' }, 'VERIFY_IDENTITY'],
  ['ssl-verify-server-cert', { sslCa: '/ca.pem' }, 'VERIFY_IDENTITY'],
];
for (const [text, flags, mode] of tlsCases) {
  const title = `${JSON.stringify(text)} with ${JSON.stringify(flags)}`;
  test(`The SSL mode of ${title} is ${mode ?? 'left to the certificates'}.`, (t) => {
    t.is(parse(text, flags).tls.sslMode, mode);
  });
}

for (const [text, message] of [
  ['port=all', /^Expected `port in my\.cnf, line 2` to be a whole number, 0 to 65535, got "all"/],
  ['user', /^Expected `my\.cnf, line 2` to be user with a value, got none/],
  ['user: dba', /^Expected `my\.cnf, line 2` to be an option, such as user=dba/],
  ['protocol=pipe', /^Expected `protocol in my\.cnf, line 2` to be tcp or socket, got "pipe"/],
  ['protocol=socket', /to be in a file with socket=PATH/],
  ['ssl=maybe', /^Expected `ssl in my\.cnf, line 2` to be 1, ON, TRUE, 0, OFF or FALSE/],
  ['ssl-mode=PREFERRED', /^Expected `ssl-mode in my\.cnf, line 2` to be one of DISABLED, /],
  ['ssl-capath=/x', /to be without ssl-capath, or with loose-ssl-capath, which is ignored/],
  ['tls_version=TLSv1.3', /to be without tls-version, or with loose-tls-version/],
] as const) {
  test(`A wrong option is an error: ${JSON.stringify(text)}`, (t) => {
    const error = t.throws(() => parse(text), { instanceOf: ArgumentError });
    t.regex(String(error?.message), message);
  });
}

test('An unknown option in the group of this program is an error.', (t) => {
  t.throws(() => parse('databse=shop', {}, 'knex-mysql-session_prod'), {
    instanceOf: ArgumentError,
    message: /^Expected `my\.cnf, line 2` to be one of host, port, .*, got "databse"$/,
  });
});

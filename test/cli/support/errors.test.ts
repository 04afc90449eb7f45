import test from 'ava';
import { explainConnectionError, redact } from '../../../src/cli/support/errors';
import { DatabaseError } from '../../../src/errors';

for (const [text, redacted] of [
  ["unknown command 'mysql://dba:secret@db/shop'", "unknown command 'mysql://dba:***@db/shop'"],
  ['--ulr=mysql://dba:se@cr/et@db/shop', '--ulr=mysql://dba:***@db/shop'],
  ['mysql://:secret@db/shop', 'mysql://:***@db/shop'],
] as const) {
  test(`A URL in an error loses its password: ${redacted}`, (t) => {
    t.is(redact(text), redacted);
  });
}

for (const text of [
  'mysql://dba@db.example:3306/shop',
  "Access denied for user 'dba'@'db' at db:3306",
  '',
]) {
  test(`An error without a password does not change: ${JSON.stringify(text)}`, (t) => {
    t.is(redact(text), text);
  });
}

const destination = { address: 'db.example:3306', database: 'shop' };

for (const [code, explanation] of [
  ['ETIMEDOUT', 'db.example:3306 does not answer. Check the host, the port and the firewall'],
  ['ENETUNREACH', 'db.example:3306 does not answer. Check the host, the port and the firewall'],
  [
    'ECONNRESET',
    'db.example:3306 closed the connection. Completed steps are kept. Run the command again',
  ],
  [
    'HANDSHAKE_NO_SSL_SUPPORT',
    'db.example:3306 offers no TLS, but the SSL mode requires it. Enable TLS on the server, or ' +
      'connect without it: --ssl-mode DISABLED',
  ],
  ['HANDSHAKE_SSL_ERROR', 'TLS with db.example:3306 failed: certificate has expired'],
] as const) {
  test(`A failure to connect is explained: ${code}.`, (t) => {
    const cause = { code, errno: undefined, sqlState: undefined };
    const error = new DatabaseError('certificate has expired', cause);
    t.like(explainConnectionError(error, destination), { message: explanation, code });
  });
}

for (const number of [1045, 1698]) {
  test(`A refused login is explained, with each error of the servers: ${number}.`, (t) => {
    const cause = { code: 'ER', errno: number, sqlState: '28000' };
    const error = new DatabaseError("Access denied for user 'dba'@'%'", cause);
    t.like(explainConnectionError(error, destination), {
      message:
        "Access denied for user 'dba'@'%'. Check the password in the URL, the option file or " +
        'MYSQL_PWD, or enter it with -p. If the account requires TLS, add --ssl-mode REQUIRED',
      errno: number,
    });
  });
}

test('Another failure is returned as it came.', (t) => {
  const error = new Error('a fault of the program');
  t.is(explainConnectionError(error, destination), error);
});

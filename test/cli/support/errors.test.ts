import test from 'ava';
import { redact } from '../../../src/cli/support/errors';

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

import test from 'ava';
import { assertCanAddVariable } from '../../../src/cli/support/env-file';
import { ArgumentError } from '../../../src/errors';

test('A file in a folder that does not exist is an argument error.', (t) => {
  t.throws(() => assertCanAddVariable('write', '/nowhere/.env', 'MYSQL_URL'), {
    instanceOf: ArgumentError,
    message: 'Expected `write` to be a file that can be written, got /nowhere/.env (ENOENT)',
  });
});

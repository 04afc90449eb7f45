import test from 'ava';
import { ArgumentError } from '../../src/errors';
import { install } from '../../src/install';
import { parseEvent } from '../../src/install/install-config';

for (const [options, message] of [
  [{ keepGrants: 'yes' }, 'Expected `keepGrants` to be true, false, or left out, got "yes"'],
  [{ keepGrants: 1 }, 'Expected `keepGrants` to be true, false, or left out, got 1'],
  [{ definer: 'root' }, 'Expected `definer` to be \'current\', or left out, got "root"'],
  [
    { event: 60n },
    'Expected `event` to be true, false, or settings such as { every: 60 }, got 60n',
  ],
] as const) {
  test(`Before anything connects, install refuses a wrong ${Object.keys(options)[0]}: ${message}.`, async (t) => {
    const connection = 'mysql://dba@127.0.0.1:1/shop';
    await t.throwsAsync(install({ connection, ...Object(options) }), {
      instanceOf: ArgumentError,
      message,
    });
  });
}

test('An event without settings keeps its interval.', (t) => {
  t.deepEqual(parseEvent({}), { every: undefined });
});

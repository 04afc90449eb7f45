import test from 'ava';
import { installedTest } from '../support/servers/test-helpers';
import { leftoversOf, start, startDemo } from './helpers/example';

installedTest('Without MYSQL_URL, the demo starts an installed server.', async (t) => {
  const own = await start(t, 'examples/demo.ts', { MYSQL_URL: '' });
  t.is(await own.ended, 0);
  t.regex(own.output(), /The server is \w+ [\d.]+, started from \S+d\./);
});

test('A demo that is interrupted ends with exit code 1, and leaves nothing.', async (t) => {
  const interrupted = await startDemo(t);
  t.is(await interrupted.stop('SIGTERM'), 1);
  t.deepEqual(await leftoversOf(t, interrupted), []);
});

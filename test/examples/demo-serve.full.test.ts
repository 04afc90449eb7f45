import test from 'ava';
import { installedTest } from '../support/servers/test-helpers';
import { eventually } from '../support/wait-until';
import { leftoversOf, start, startDemo } from './helpers/example';

test('demo --serve ends on SIGTERM with exit code 0, and leaves nothing.', async (t) => {
  const demo = await startDemo(t, '--serve');
  t.is(await demo.stop('SIGTERM'), 0);
  t.deepEqual(await leftoversOf(t, demo), []);
});

installedTest('The application and the server end when the demo is killed.', async (t) => {
  const demo = await start(t, 'examples/demo.ts', { MYSQL_URL: '' }, ['--serve']);
  const [, port] = /mysql:\/\/dba@127\.0\.0\.1:(\d+)/.exec(demo.output()) ?? [];
  await demo.stop('SIGKILL');
  t.true(await eventually(() => refusesConnections(demo.url)));
  t.true(await eventually(() => refusesConnections(`http://127.0.0.1:${port}`)));
});

function refusesConnections(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    (error: Error) => Object(error.cause).code === 'ECONNREFUSED',
  );
}

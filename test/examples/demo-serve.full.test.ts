import test from 'ava';
import { Browser } from '../../examples/demo/browser';
import type { RunningProgram } from '../../examples/demo/program';
import { SharedScope } from '../support/scope';
import { installedTest } from '../support/servers/test-helpers';
import { eventually, waitUntil } from '../support/wait-until';
import { isSignedOut } from './helpers/app';
import { leftoversOf, start, startDemo } from './helpers/example';

const scope = new SharedScope();
let demo: RunningProgram;

test.before(async () => {
  demo = await startDemo(scope, '--serve');
});
test.after.always(() => scope.end());

// All tests share one run, and the last ones end it.
const stepOfRun = test.serial;

stepOfRun('demo --serve serves the application to browsers.', async (t) => {
  const page = await new Browser(demo.url).submit('/sign-in', { name: 'Grace' });
  t.regex(page.body, /Signed in as <strong>Grace<\/strong>/);
});

stepOfRun('The first page of demo --serve says what to click, and shows the rows.', async (t) => {
  await waitUntil(() => demo.output().includes('Ctrl-C'));
  const [, url = ''] = /Open (\S+) in a browser/.exec(demo.output()) ?? [];
  const { body, headers } = await new Browser(url).visit();
  t.true(body.includes(`<a href="${demo.url}" target="_blank">Open the application</a>`));
  t.regex(body, /private window.*Where you're signed in.*<h2>grace<\/h2>/s);
  t.is(headers.get('refresh'), '2');
});

stepOfRun('demo --serve serves the account page.', async (t) => {
  const [one, other] = [new Browser(demo.url), new Browser(demo.url)];
  await one.submit('/sign-in', { name: 'Ada' });
  await other.submit('/sign-in', { name: 'Ada' });
  await one.visit('/account');
  await one.press('Sign out everywhere else');
  t.true(isSignedOut(await other.visit()));
});

stepOfRun('demo --serve ends on SIGINT with exit code 0.', async (t) => {
  t.is(await demo.stop('SIGINT'), 0);
});

stepOfRun('demo --serve leaves no database, no account and no connection.', async (t) => {
  t.deepEqual(await leftoversOf(t, demo), []);
});

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

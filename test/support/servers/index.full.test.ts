import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../wait-until';
import { bootNamed, findServer, serverNames } from '.';
import { findServerPrograms, inspectServer } from './installed';
import { releaseOf, seriesOf } from './server';
import {
  bootLocal,
  installedMachine,
  installedTest,
  localMachine,
  localTest,
  queryOnce,
  remainingTraces,
  startServerParent,
  testFolder,
  tracesOf,
} from './test-helpers';

installedTest('An installed server comes before Docker and packages.', async (t) => {
  const server = await findServer({ machine: installedMachine });
  t.teardown(server.stop);
  t.regex(server.origin, /(mariadbd|mysqld), booted privately/);
});

for (const name of serverNames) {
  installedTest(`An installed server is ${name} if its version says so.`, async (t) => {
    const { folders } = localMachine;
    const { flavor, series } = releaseOf(name);
    const [program = ''] = await findServerPrograms(folders);
    const installed = await inspectServer(program, folders);
    if (installed.flavor !== flavor || seriesOf(installed.version) !== series) {
      await t.throwsAsync(bootNamed(name, { machine: installedMachine }), {
        message: /is another release: /,
      });
      return;
    }
    const server = await bootNamed(name, { machine: installedMachine });
    t.teardown(server.stop);
    t.true(server.origin.startsWith(program));
    const [row] = await queryOnce(server.url, 'SELECT VERSION() AS version');
    t.true(String(row?.version).startsWith(series));
  });
}

localTest('A crashed server leaves nothing.', async (t) => {
  const traces = await tracesOf((await bootLocal(t)).url);
  process.kill(traces.pid, 'SIGKILL');
  t.true(await eventually(() => remainingTraces(traces).length === 0));
});

localTest('A server leaves nothing if its parent is killed.', async (t) => {
  const parent = await startServerParent(localMachine, 'wait');
  const traces = await tracesOf(parent.url);
  await parent.kill();
  t.true(await eventually(() => remainingTraces(traces).length === 0));
});

localTest('A running server lets its parent exit.', async (t) => {
  const parent = await startServerParent(localMachine, 'exit');
  t.is(await parent.exited, 0);
});

installedTest('Processes that boot at the same time share one template of the data.', async (t) => {
  const cache = join(await testFolder(t), 'cache');
  const boot = () =>
    startServerParent(installedMachine, 'wait', { KNEX_MYSQL_SESSION_CACHE: cache });
  const parents = await Promise.all([boot(), boot()]);
  t.teardown(() => Promise.all(parents.map((parent) => parent.kill())));
  await Promise.all(parents.map(({ url }) => queryOnce(url, 'SELECT 1')));
  t.is((await readdir(cache)).length, 1);
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { bootNamed, provenServers, type Server, type ServerName } from '.';
import { cacheFolder } from './cache';
import { releaseOf } from './server';
import { run } from './system';
import {
  assertNoPackages,
  debianTest,
  emptyMachine,
  librariesOf,
  librariesOutside,
  localMachine,
  queryOnce,
  startServerParent,
  testFolder,
  tracesOf,
} from './test-helpers';

const packages = { ...emptyMachine, aptGet: localMachine.aptGet };

/** A machine that has only the cache. */
const withoutApt = { ...emptyMachine, aptGet: 'true' };

debianTest("Without an installed server, Debian's packages are unpacked once.", async (t) => {
  t.timeout(600_000);
  const cache = join(await testFolder(t), 'cache');
  const env = { KNEX_MYSQL_SESSION_CACHE: cache };
  const first = await startServerParent(packages, 'wait', env).catch((error: Error) => error);
  if (first instanceof Error) return assertNoPackages(t, first);
  t.teardown(first.kill);
  t.deepEqual(await queryOnce(first.url, 'SELECT 1 AS one'), [{ one: 1 }]);
  const { pid } = await tracesOf(first.url);
  t.deepEqual(await librariesOutside(cache, pid), [], 'It must use no library of this machine.');

  const second = await startServerParent(withoutApt, 'wait', env);
  t.teardown(second.kill);
  t.deepEqual(await queryOnce(second.url, 'SELECT 1 AS one'), [{ one: 1 }]);
  t.deepEqual(
    (await readdir(cache)).filter((name) => name.startsWith('.')),
    [],
  );
});

// All tests share the cache and the booted servers, because the packages are large.
const servers = new Map<ServerName, Promise<Server>>();

test.after.always(async () => {
  for (const server of servers.values()) {
    await server.then(
      ({ stop }) => stop(),
      () => undefined,
    );
  }
});

for (const name of provenServers) {
  const { flavor, series } = releaseOf(name);

  debianTest(`${name} runs from Debian's packages on every release of Debian.`, async (t) => {
    const server = await bootFromPackages(t, name);
    if (!server) return;
    t.is(server.flavor, flavor);
    const [row] = await queryOnce(server.url, 'SELECT VERSION() AS version');
    t.true(String(row?.version).startsWith(`${series}.`), row?.version);
  });

  debianTest(`The client of ${name} is unpacked too, and connects to it.`, async (t) => {
    const server = await bootFromPackages(t, name);
    if (!server) return;
    const { hostname, port, username, password } = new URL(server.url);
    const output = await run(
      [
        ...(server.client ?? []),
        '--no-defaults',
        '--protocol=tcp',
        `--host=${hostname}`,
        `--port=${port}`,
        `--user=${username}`,
        '--skip-column-names',
        '--execute=SELECT 1 + 1',
      ],
      { env: { ...process.env, MYSQL_PWD: password } },
    );
    t.is(output.trim(), '2');
  });

  debianTest(`${name} uses no library of this machine.`, async (t) => {
    const server = await bootFromPackages(t, name);
    if (!server) return;
    const { pid } = await tracesOf(server.url);
    const libraries = await librariesOf(pid);
    t.true(libraries.length > 0);
    t.deepEqual(
      libraries.filter((library) => !library.startsWith(cacheFolder())),
      [],
    );
  });

  debianTest(`${name} is downloaded once.`, async (t) => {
    const first = await bootFromPackages(t, name);
    if (!first) return;
    const second = await bootNamed(name, { machine: withoutApt });
    t.teardown(second.stop);
    t.is(second.origin, first.origin);
  });
}

/** Returns nothing on a machine that has no such packages, or reaches no mirror. */
async function bootFromPackages(
  t: ExecutionContext,
  name: ServerName,
): Promise<Server | undefined> {
  t.timeout(600_000);
  const booted = servers.get(name) ?? bootNamed(name, { machine: packages });
  servers.set(name, booted);
  try {
    return await booted;
  } catch (error) {
    assertNoPackages(t, error);
    return undefined;
  }
}

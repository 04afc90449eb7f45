import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { bootNamed, type Server, type ServerName, serverNames } from '.';
import { findMirrors } from './apt';
import { cacheFolder } from './cache';
import { releaseOf } from './server';
import { run } from './system';
import {
  assertNoPackages,
  debianTest,
  emptyMachine,
  localMachine,
  programThatPrints,
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

for (const name of serverNames) {
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

  if (process.platform === 'linux') {
    debianTest(`${name} uses no library of this machine.`, async (t) => {
      const server = await bootFromPackages(t, name);
      if (!server) return;
      const { pid } = await tracesOf(server.url);
      const libraries = (await readFile(`/proc/${pid}/maps`, 'utf8')).match(/\/\S+\.so\b\S*/g);
      t.truthy(libraries);
      t.deepEqual(
        libraries?.filter((library) => !library.startsWith(cacheFolder())),
        [],
      );
    });
  }

  debianTest(`${name} is downloaded once.`, async (t) => {
    const first = await bootFromPackages(t, name);
    if (!first) return;
    const second = await bootNamed(name, withoutApt);
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
  const booted = servers.get(name) ?? bootNamed(name, packages);
  servers.set(name, booted);
  try {
    return await booted;
  } catch (error) {
    assertNoPackages(t, error);
    return undefined;
  }
}

test("The mirrors of Debian are the ones in apt's sources, each once.", async (t) => {
  const aptGet = await aptGetWithSources(t, [
    'http://mirror.example/debian/dists/bookworm/InRelease',
    'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz',
    'http://mirror.example/debian/dists/trixie/InRelease',
    'http://security.example/debian-security/dists/bookworm-security/InRelease',
    'mirror+file:/etc/apt/mirrors/debian.list/dists/bookworm/InRelease',
  ]);
  t.deepEqual(await findMirrors(aptGet), [
    'http://mirror.example/debian',
    'mirror+file:/etc/apt/mirrors/debian.list',
  ]);
});

test('The sources of another system have no mirror of Debian.', async (t) => {
  const aptGet = await aptGetWithSources(t, [
    'http://archive.example/ubuntu/dists/noble/InRelease',
  ]);
  await t.throwsAsync(findMirrors(aptGet), {
    message: /none of apt's sources is a mirror of Debian/,
  });
});

function aptGetWithSources(t: ExecutionContext, addresses: string[]): Promise<string> {
  return programThatPrints(
    t,
    'apt-get',
    addresses.map((address) => `'${address}' file 0`).join('\n'),
  );
}

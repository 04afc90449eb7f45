import { readFile } from 'node:fs/promises';
import type { ExecutionContext } from 'ava';
import { bootNamed, type Server, type ServerName, serverNames } from '.';
import { cacheFolder } from './cache';
import { run } from './command';
import { bare, debianTest, local } from './helpers/local';
import { query, tracesOf } from './helpers/traces';
import { kindOf } from './names';

// These use the cache that all runs share, so that the packages are downloaded once.
for (const name of serverNames) {
  const { flavor, series } = kindOf(name);

  debianTest(`${name} is had from Debian's packages, whatever this machine has`, async (t) => {
    const server = await fromPackages(t, name);
    if (!server) return;
    t.is(server.flavor, flavor);
    const [row] = await query(server.url, 'SELECT VERSION() AS version');
    t.true(String(row?.version).startsWith(`${series}.`), row?.version);
  });

  debianTest(`${name} brings its own client, which connects to it`, async (t) => {
    const server = await fromPackages(t, name);
    if (!server) return;
    t.truthy(server.client);
    const { hostname, port, username, password } = new URL(server.url);
    const settings = ['--protocol=tcp', `--host=${hostname}`, `--port=${port}`, `--user=${username}`];
    const answer = await run(
      [
        ...(server.client ?? []),
        '--no-defaults',
        ...settings,
        '--skip-column-names',
        '--execute=SELECT 1 + 1',
      ],
      { env: { ...process.env, MYSQL_PWD: password } },
    );
    t.is(answer.trim(), '2');
  });

  if (process.platform === 'linux') {
    debianTest(`${name} runs with no library of this machine`, async (t) => {
      const server = await fromPackages(t, name);
      if (!server) return;
      const { pid } = await tracesOf(server.url);
      const loaded = (await readFile(`/proc/${pid}/maps`, 'utf8')).match(/\/\S+\.so\b\S*/g) ?? [];
      t.true(loaded.length > 0);
      t.deepEqual(
        loaded.filter((library) => !library.startsWith(cacheFolder())),
        [],
      );
    });
  }

  debianTest(`${name} is not downloaded again`, async (t) => {
    const first = await fromPackages(t, name);
    if (!first) return;
    const doingNothing = 'true';
    const second = await bootNamed(name, { ...bare, aptGet: doingNothing });
    t.teardown(second.stop);
    t.is(second.origin, first.origin);
  });
}

/** Nothing on a machine that has no such packages, or reaches no mirror, which is no fault of the code. */
async function fromPackages(t: ExecutionContext, name: ServerName): Promise<Server | undefined> {
  try {
    const server = await bootNamed(name, { ...bare, aptGet: local.aptGet });
    t.teardown(server.stop);
    return server;
  } catch (error) {
    t.log(String(error));
    t.regex(
      String(error),
      /this is not Debian|no mirror of Debian|Failed to fetch|Could not resolve|Could not connect|Temporary failure/,
    );
    return undefined;
  }
}

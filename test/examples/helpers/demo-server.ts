import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { findServer, type Server, type Sources, sourcesOf } from '../../../examples/demo/server';
import { testFolder } from '../../support/servers/test-helpers';

/** A machine without a server. */
export const bare: Sources = { url: undefined, folders: [], docker: 'no-docker-here' };
/** A machine with the installed servers. */
export const installed: Sources = { ...bare, folders: sourcesOf(process.env).folders };

/** Finds a server, and stops it after the test. */
export async function find(t: ExecutionContext, sources: Sources): Promise<Server> {
  const server = await findServer(new AbortController().signal, sources);
  t.teardown(() => server.stop());
  return server;
}

/**
 * Creates a Docker client whose service is the server of the URL. `up` creates root@'%' there, with
 * the password of the service. Without a URL, `up` prints the text and fails.
 */
export async function createDocker(t: ExecutionContext, service: string) {
  const folder = await testFolder(t);
  const calls = join(folder, 'calls');
  const docker = join(folder, 'docker');
  const up = join(folder, 'up.js');
  const isUrl = URL.canParse(service);
  await writeFile(calls, '');
  await writeFile(
    docker,
    `#!/bin/sh
echo "$*" >>'${calls}'
case $* in
  *' up '*) ${isUrl ? `exec '${process.execPath}' '${up}'` : `echo '${service}' >&2; exit 1`} ;;
  *' port '*) echo '${isUrl ? new URL(service).host : ''}' ;;
esac
`,
    { mode: 0o755 },
  );
  await writeFile(
    up,
    `const { createConnection } = require('${require.resolve('mysql2/promise')}');
const password = process.env.KNEX_MYSQL_SESSION_PASSWORD;
createConnection('${service}').then(async (connection) => {
  await connection.query('CREATE USER root@"%" IDENTIFIED BY ?', [password]);
  await connection.end();
}, () => undefined);
setInterval(() => undefined, 60_000);
`,
  );
  return { docker, calls: () => readFile(calls, 'utf8') };
}

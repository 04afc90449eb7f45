import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { openDatabase } from '../support/database';
import { installedTest } from '../support/servers/test-helpers';
import { bare, createDocker, find, installed } from './helpers/demo-server';

installedTest('An installed server comes before Docker.', async (t) => {
  const { docker, calls } = await createDocker(t, process.env.MYSQL_URL ?? '');
  const server = await find(t, { ...installed, docker });
  t.regex(server.title, /, started from \/\S+d$/);
  t.is(await calls(), '');
});

installedTest('The demo removes an installed server that it started.', async (t) => {
  const server = await find(t, installed);
  const database = openDatabase(t, server.url);
  const [row] = await database.query('SELECT @@datadir');
  await server.stop();
  await t.throwsAsync(openDatabase(t, server.url).query('SELECT 1'));
  t.false(existsSync(dirname(String(row?.[0]))));
});

installedTest('The demo starts the service of the compose file in Docker.', async (t) => {
  const { url } = await find(t, installed);
  const { docker, calls } = await createDocker(t, url);
  const server = await find(t, { ...bare, docker });
  t.regex(server.title, /, in Docker$/);
  t.regex(await calls(), /^compose --file \S+\/docker-compose\.mysql\.yml .* up mariadb$/m);
});

installedTest('The demo removes the service in Docker.', async (t) => {
  const { url } = await find(t, installed);
  const { docker, calls } = await createDocker(t, url);
  await (await find(t, { ...bare, docker })).stop();
  t.regex(await calls(), / down --volumes --timeout 0$/m);
});

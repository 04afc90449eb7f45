import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { testFolder } from './helpers/folder';
import { bare, installedTest, local } from './helpers/local';
import { offspring } from './helpers/offspring';
import { query } from './helpers/traces';

installedTest('processes that boot at once, with no template yet, end up with one', async (t) => {
  const cache = join(await testFolder(t), 'cache');
  const machine = { ...bare, folders: local.folders };
  const boot = () => offspring(machine, 'wait', { KNEX_MYSQL_SESSION_CACHE: cache });
  const parents = await Promise.all([boot(), boot()]);
  t.teardown(() => Promise.all(parents.map((parent) => parent.kill())));
  await Promise.all(parents.map(({ url }) => query(url, 'SELECT 1')));
  t.is((await readdir(cache)).length, 1);
});

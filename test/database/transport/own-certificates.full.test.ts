import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { bootForFile } from '../../support/boot';
import { createInstallation } from './accounts';
import { assertSessionIsStored } from './store';

bootForFile();

test('A store can verify a server by the authority that the server created for itself.', async (t) => {
  const { query, account } = await createInstallation(t, () => 'REQUIRE SSL');
  const [row] = await query('SELECT @@datadir, @@ssl_ca, @@version');
  const [directory, file, version] = row ?? [];
  if (!file) {
    t.log(`Skipped: ${version} creates no authority in its data directory.`);
    t.regex(String(version), /MariaDB/);
    return;
  }
  const ca = await readFile(join(String(directory), String(file)), 'utf8');
  await assertSessionIsStored(t, { uri: account.url, ssl: { ca } });
});

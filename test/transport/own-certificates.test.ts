import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { bootForFile } from '../matrix/private-server';
import { createInstallation } from './accounts';
import { keepsASession } from './store';

bootForFile();

test('A store that verifies a server by the authority that it made for itself works.', async (t) => {
  const { query, account } = await createInstallation(t, () => 'REQUIRE SSL');
  const [row] = await query('SELECT @@datadir, @@ssl_ca, @@version');
  const [directory, file, version] = row ?? [];
  if (!file) {
    t.log(`Skipped: ${version} makes no authority in its data directory.`);
    t.regex(String(version), /MariaDB/);
    return;
  }
  const ca = await readFile(join(String(directory), String(file)), 'utf8');
  await keepsASession(t, { uri: account.url, ssl: { ca } });
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { programFolders } from '../../test/servers/programs';
import { findProgram } from './programs';
import type { Server } from './server';
import { throwAway } from './throwaway';

export async function bootPostgresql(): Promise<Server> {
  const folders = [...(await debianFolders()), ...programFolders()];
  const [initdb, postgres] = [await findProgram('initdb', folders), await findProgram('postgres', folders)];
  const { port, password, stop } = await throwAway({
    input: (secret) => `${secret}\n`,
    first: `'${initdb}' --pgdata=data --username=dba --pwfile=input --auth=scram-sha-256 --locale=C.UTF-8 --encoding=UTF8`,
    command: (directory, number) => [
      postgres,
      ...['-D', `${directory}/data`, '-p', String(number), '-h', '127.0.0.1', '-k', directory],
    ],
    // Killed, it would leave its shared memory behind.
    signal: 'QUIT',
    enter: async (number, secret) => {
      await settingsOf(urlOf(number, secret));
    },
  });
  const url = urlOf(port, password);
  const { version, directory } = await settingsOf(url);
  const pid = Number.parseInt(await readFile(join(directory, 'postmaster.pid'), 'utf8'), 10);
  return { kind: 'postgresql', title: `PostgreSQL ${version}`, url, pid, stop };
}

function urlOf(port: number, password: string): string {
  return `postgresql://dba:${password}@127.0.0.1:${port}`;
}

async function settingsOf(url: string): Promise<{ version: string; directory: string }> {
  const client = new Client({ connectionString: `${url}/postgres` });
  await client.connect();
  const { rows } = await client.query(
    `SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
       current_setting('data_directory') AS directory`,
  );
  await client.end();
  return rows[0];
}

/** Debian keeps each release in a folder of its own, out of everybody's PATH. */
async function debianFolders(): Promise<string[]> {
  const home = '/usr/lib/postgresql';
  const releases = await readdir(home).catch(() => []);
  return releases
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))
    .map((release) => join(home, release, 'bin'));
}

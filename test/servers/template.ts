import { createHash } from 'node:crypto';
import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binary } from './binary';
import { cached } from './cache';
import { run } from './command';
import { serverEnvironment } from './environment';
import { serverUser } from './user';

/** Flags that the files of a data directory depend on: the same when it is made and when it is used. */
export function shape(binary: Binary): string[] {
  return binary.flavor === 'mariadb'
    ? ['--innodb-log-file-size=4M', '--innodb-buffer-pool-size=16M']
    : ['--loose-innodb-redo-log-capacity=8M', '--innodb-buffer-pool-size=16M'];
}

/** A data directory as a new server has it, kept in the cache, since copying it is faster than making it. */
export async function template(binary: Binary): Promise<string> {
  const folder = await cached(`${binary.flavor}-${key(binary)}`, async (workshop) => {
    const data = join(workshop, 'data');
    // Of its own, as every server that starts deletes the temporary tables that others are at in a shared one.
    const scratch = join(workshop, 'scratch');
    const user = await serverUser();
    for (const directory of [data, scratch]) {
      await mkdir(directory, { mode: 0o700 });
      if (user) await chown(directory, user.uid, user.gid);
    }
    await run(initialization(binary, data, scratch), { user, env: serverEnvironment() });
    await rm(scratch, { recursive: true });
  });
  return join(folder, 'data');
}

function initialization(binary: Binary, data: string, scratch: string): string[] {
  const flags = [
    '--no-defaults',
    ...binary.layout,
    `--datadir=${data}`,
    `--tmpdir=${scratch}`,
    ...shape(binary),
  ];
  return binary.flavor === 'mariadb'
    ? [...binary.installer, ...flags, '--force', '--skip-test-db', '--auth-root-socket-user=root']
    : [...binary.command, ...flags, '--initialize-insecure', '--mysqlx=OFF'];
}

function key(binary: Binary): string {
  const { command, installer, version, layout } = binary;
  const made = JSON.stringify({ command, installer, version, layout, steps: initialization(binary, '', '') });
  return createHash('sha256').update(made).digest('hex').slice(0, 16);
}

import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import type { Scope } from '../scope';
import { waitUntil } from '../wait-until';
import { unpackProgram } from './debian';
import { findPrograms, programFolders } from './installed';
import { startSupervisor } from './supervisor';
import { freePort, serverUser } from './system';

/** Boots a private Redis, from this machine or from Debian's packages. Returns its URL. */
export async function bootRedis(scope: Scope): Promise<string> {
  const [installed] = await findPrograms(['redis-server'], programFolders());
  // Debian links redis-server to another program, which decides by its name what to do.
  const program = installed
    ? ['redis-server']
    : await unpackProgram('apt-get', 'redis-server', 'usr/bin/redis-server');
  const port = await freePort();
  const password = randomBytes(16).toString('hex');
  const supervisor = startSupervisor({
    script: 'private-program.sh',
    parameters: [join(tmpdir(), `redis-${randomBytes(6).toString('hex')}`), ...program, 'config'],
    // A file, because other users can read a command line.
    input: `requirepass ${password}\nport ${port}\nbind 127.0.0.1\nsave ""\n`,
    env: process.env,
    user: await serverUser(),
  });
  scope.teardown(() => supervisor.stop());
  const url = `redis://:${password}@127.0.0.1:${port}`;
  await waitUntil(() => answers(url));
  return url;
}

async function answers(url: string): Promise<boolean> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  try {
    await client.on('error', () => undefined).connect();
    client.destroy();
    return true;
  } catch {
    return false;
  }
}

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './command';
import { type Kind, titleOf } from './names';
import { waitUntilReady } from './ready';
import type { Server } from './server';
import { type Supervisor, supervise } from './supervisor';

const composeFile = join(__dirname, '../../docker-compose.mysql.yml');

/** Boots a server in a container of one's own, which lives no longer than this process. */
export async function dockerServer(
  docker: string,
  kind: Kind | undefined,
  flags: readonly string[],
): Promise<Server> {
  // The services of the compose file are called as the flavors are.
  const flavor = kind?.flavor ?? 'mariadb';
  // An engine that hangs is no engine.
  await run([docker, 'info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 });
  await run([docker, 'compose', 'version'], { timeout: 10_000 });

  const password = randomBytes(16).toString('hex');
  const supervisor = supervise({
    script: 'docker.sh',
    parameters: [docker, composeFile, `kms-${randomBytes(6).toString('hex')}`, flavor],
    env: {
      ...process.env,
      KNEX_MYSQL_SESSION_PASSWORD: password,
      KNEX_MYSQL_SESSION_FLAGS: flags.map(quoted).join(' '),
      // Without one the compose file has a tag of its own.
      KNEX_MYSQL_SESSION_TAG: kind?.series ?? '',
    },
  });
  try {
    const url = `mysql://root:${password}@${await addressOf(supervisor)}`;
    await waitUntilReady(url, supervisor.gone);
    supervisor.release();
    const origin = `${kind ? titleOf(kind) : flavor} in Docker`;
    // The image's own client stands in the container, where this address leads nowhere.
    return { flavor, url, client: undefined, origin, stop: supervisor.stop };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

/** There is no deadline, as an image may have to be pulled first; the script limits the rest. */
async function addressOf(supervisor: Supervisor): Promise<string> {
  let over = false;
  const done = () => {
    over = true;
  };
  supervisor.gone.then(done, done);
  for (;;) {
    const address = /^address: (\S+)$/m.exec(supervisor.said())?.[1];
    if (address) return address;
    if (over) throw new Error(`docker compose: ${supervisor.said().trim()}`);
    await sleep(50);
  }
}

/** Docker Compose splits a command into words as a shell does. */
function quoted(flag: string): string {
  return `'${flag.replaceAll("'", `'\\''`)}'`;
}

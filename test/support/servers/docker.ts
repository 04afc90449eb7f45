import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Server, type ServerRelease, titleOf, waitUntilReady } from './server';
import { type Supervisor, startSupervisor } from './supervisor';
import { run } from './system';

const composeFile = join(__dirname, '../../../docker-compose.mysql.yml');

/** Boots a server in a new container, which ends with this process. */
export async function bootInDocker(
  docker: string,
  release: ServerRelease | undefined,
  flags: readonly string[],
): Promise<Server> {
  // The services of the compose file have the names of the flavors.
  const flavor = release?.flavor ?? 'mariadb';
  await run([docker, 'info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 });
  await run([docker, 'compose', 'version'], { timeout: 10_000 });

  const password = randomBytes(16).toString('hex');
  const supervisor = startSupervisor({
    script: 'docker.sh',
    parameters: [docker, composeFile, `kms-${randomBytes(6).toString('hex')}`, flavor],
    env: {
      ...process.env,
      KNEX_MYSQL_SESSION_PASSWORD: password,
      KNEX_MYSQL_SESSION_FLAGS: flags.map(quoted).join(' '),
      // The compose file has a default for an empty tag.
      KNEX_MYSQL_SESSION_TAG: release?.series ?? '',
    },
  });
  try {
    const url = `mysql://root:${password}@${await addressOf(supervisor)}`;
    await waitUntilReady(url, supervisor.ended);
    supervisor.unref();
    const origin = `${release ? titleOf(release) : flavor} in Docker`;
    // The image has a client, but this address does not exist in its container.
    return { flavor, url, client: undefined, origin, stop: supervisor.stop };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}

/** Waits without a deadline, because Docker may pull an image. The script limits the rest. */
async function addressOf(supervisor: Supervisor): Promise<string> {
  let hasEnded = false;
  const markEnded = () => {
    hasEnded = true;
  };
  supervisor.ended.then(markEnded, markEnded);
  for (;;) {
    const address = /^address: (\S+)$/m.exec(supervisor.output())?.[1];
    if (address) return address;
    if (hasEnded) throw new Error(`docker compose: ${supervisor.output().trim()}`);
    await sleep(50);
  }
}

/** Quotes a flag: Docker Compose splits a command into words as a shell does. */
function quoted(flag: string): string {
  return `'${flag.replaceAll("'", `'\\''`)}'`;
}

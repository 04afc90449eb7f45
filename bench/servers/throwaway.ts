import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverEnvironment } from '../../test/servers/environment';
import { freePort } from '../../test/servers/port';
import { roomFor } from '../../test/servers/room';
import { supervise } from '../../test/servers/supervisor';
import { serverUser } from '../../test/servers/user';

interface Recipe {
  /** What stands in the file `input` of the directory: a password is no parameter, as anyone may read those. */
  readonly input: (password: string) => string;
  /** A command of the shell that runs in the directory before the server does. */
  readonly first: string;
  readonly command: (directory: string, port: number) => readonly string[];
  readonly signal: 'KILL' | 'QUIT';
  /** Resolves when the server lets its user in. */
  readonly enter: (port: number, password: string) => Promise<void>;
}

interface Throwaway {
  readonly port: number;
  readonly password: string;
  readonly stop: () => Promise<void>;
}

const patience = 60_000;

/** Boots a server that lives in a directory of its own, no longer than this process. */
export async function throwAway({ input, first, command, signal, enter }: Recipe): Promise<Throwaway> {
  const user = await serverUser();
  const directory = join(await roomFor(user), `kms-${randomBytes(6).toString('hex')}`);
  const port = await freePort();
  const password = randomBytes(16).toString('hex');
  const supervisor = supervise({
    script: join('..', '..', 'bench', 'servers', 'throwaway.sh'),
    parameters: [directory, signal, first, ...command(directory, port)],
    input: input(password),
    env: serverEnvironment(),
    user,
  });
  try {
    await ready(() => enter(port, password), supervisor.gone);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  supervisor.release();
  return { port, password, stop: supervisor.stop };
}

async function ready(enter: () => Promise<void>, gone: Promise<string>): Promise<void> {
  let end: Error | undefined;
  gone.then((log) => {
    end = new Error(`The server ended while it started: ${log.trim()}`);
  });
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      return await enter();
    } catch (error) {
      if (end) throw end;
      if (Date.now() > deadline) throw error;
    }
    await sleep(50);
  }
}

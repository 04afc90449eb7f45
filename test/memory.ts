import { access, constants, statfs } from 'node:fs/promises';

/** Where Linux keeps files in memory. */
const folder = '/dev/shm';

/** What the servers of a run and their tests take, in bytes, several times over. */
const enough = 4 * 2 ** 30;

/** A folder whose files lie in memory, where this machine has one with room: no test then waits for a busy disk. */
export async function memoryFolder(): Promise<string | undefined> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= enough ? folder : undefined;
  } catch {
    return undefined;
  }
}

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { cacheFolder } from '../servers/cache';

/**
 * Does something while no other process of this machine does the same in the same cache. Whoever is at it listens
 * on a socket without a file, as Linux has them: it is gone with its process, however that ends.
 */
export async function inTurn<T>(name: string, action: () => Promise<T>): Promise<T> {
  const key = createHash('sha256').update(`${cacheFolder()}\n${name}`).digest('hex');
  const finish = await begin(`\0knex-mysql-session-${key}`);
  try {
    return await action();
  } finally {
    finish();
  }
}

/** Waits until it is this process's turn, and gives what ends that. */
async function begin(address: string): Promise<() => void> {
  for (;;) {
    const waiting = new Set<Socket>();
    // Whoever waits may be interrupted, which is no fault of this process.
    const server = createServer((socket) => waiting.add(socket.on('error', () => undefined)));
    if (await listens(server, address)) {
      return () => {
        server.close();
        for (const socket of waiting) socket.destroy();
      };
    }
    await endOfAnother(address);
  }
}

async function listens(server: Server, address: string): Promise<boolean> {
  try {
    await once(server.listen(address), 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return false;
  }
}

/** Waits for the end of another's turn. Nobody answers any more when it has just come. */
async function endOfAnother(address: string): Promise<void> {
  try {
    // Nothing is ever sent, but only who reads learns of the end.
    await once(connect(address).resume(), 'close');
  } catch (error) {
    if (!['ECONNREFUSED', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

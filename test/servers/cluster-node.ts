import { readFile } from 'node:fs/promises';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Server } from './server';

/** One of several servers that have the same data. */
export interface ClusterNode extends Server {
  /** The process of the server. */
  pid(): Promise<number>;
}

async function clusterNode(server: Server): Promise<ClusterNode> {
  const connection = await createConnection(server.url);
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT @@pid_file AS file');
  await connection.end();
  return { ...server, pid: async () => Number(await readFile(String(row?.file), 'utf8')) };
}

/**
 * Boots a node in each place, one after the other. Where one does not come up, none is left.
 *
 * @param join makes a node one of those that were booted before
 */
export async function bootNodes<Place>(
  places: readonly Place[],
  boot: (place: Place, index: number) => Promise<Server>,
  join: (server: Server, index: number) => Promise<void> = async () => undefined,
): Promise<ClusterNode[]> {
  const servers: Server[] = [];
  try {
    for (const [index, place] of places.entries()) {
      const server = await boot(place, index);
      servers.push(server);
      await join(server, index);
    }
    return await Promise.all(servers.map(clusterNode));
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
}

import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { findClient } from './client';
import { flavorOf, type Server } from './server';

/** The server that the environment names. It is somebody's: it is used, and never stopped. */
export async function givenServer(given: string, folders: readonly string[]): Promise<Server> {
  if (!URL.canParse(given))
    throw new Error('MYSQL_URL is not a URL such as mysql://user:password@host:3306.');
  const url = new URL(given);
  url.pathname = '';
  try {
    const connection = await createConnection(url.href);
    const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
    await connection.end();
    const flavor = flavorOf(String(rows[0]?.version));
    return {
      flavor,
      url: url.href,
      client: await findClient(flavor, folders),
      origin: `MYSQL_URL, ${url.host}`,
      stop: async () => undefined,
    };
  } catch (error) {
    throw new Error(`MYSQL_URL is set, but no server answers at ${url.host}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

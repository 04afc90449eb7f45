import test, { type ExecutionContext } from 'ava';
import { bootServer, type Server } from './servers';

/**
 * Boots a server for all tests of a file. It becomes their default server. Use it if tests change
 * or measure a whole server.
 */
export function bootForFile(flags: () => Promise<string[]> = async () => []): void {
  let server: Server | undefined;
  test.before(async () => {
    server = await bootServer({ flags: await flags() });
    process.env.MYSQL_URL = server.url;
  });
  test.after.always(() => server?.stop());
}

/**
 * Boots a server for the rest of a test. It becomes the default server of this process, so the test
 * must be serial.
 *
 * @param restartAfter seconds until an ended server starts again with its data
 */
export async function bootForTest(
  t: ExecutionContext,
  flags: string[],
  restartAfter?: number,
): Promise<Server> {
  const server = await bootServer({ flags, restartAfter });
  const { MYSQL_URL } = process.env;
  process.env.MYSQL_URL = server.url;
  t.teardown(async () => {
    process.env.MYSQL_URL = MYSQL_URL;
    await server.stop();
  });
  return server;
}

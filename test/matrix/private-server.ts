import test, { type ExecutionContext } from 'ava';
import { bootServer, type Server } from '../servers';

/**
 * Boots a server for all tests of a file, on which they make their databases: what is set up in a server for
 * its clients would disturb the tests of others.
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
 * Boots a server with these flags, on which the test makes its databases from here on. For serial tests only:
 * it takes the place of the server that all tests share.
 *
 * @param restartAfter seconds after which it is started again on its data, when it has ended
 */
export async function onServerWith(
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

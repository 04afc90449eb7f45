import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

export interface Listening {
  readonly origin: string;
  close(): void;
}

/** Serves an app on a port of its own. */
export async function listen(app: RequestListener): Promise<Listening> {
  const server = createServer(app);
  // A connection that the server closes for idleness may just have been sent another request, which then fails.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Serves an app until the test is over, and gives its origin. */
export async function serve(t: ExecutionContext, app: RequestListener): Promise<string> {
  const { origin, close } = await listen(app);
  t.teardown(close);
  return origin;
}

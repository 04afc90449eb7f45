import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scope } from './scope';

export interface ListeningApp {
  readonly origin: string;
  close(): void;
}

/** Serves an app on a free port. */
export async function listen(app: RequestListener): Promise<ListeningApp> {
  const server = createServer(app);
  // By default, the server can close an idle connection while the client sends a request on it.
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

/** Serves an app until the end of the scope, and returns its origin. */
export async function serve(scope: Scope, app: RequestListener): Promise<string> {
  const { origin, close } = await listen(app);
  scope.teardown(close);
  return origin;
}

export interface HttpResponse {
  readonly status: number;
  readonly body: string;
  /** The values of the `Set-Cookie` headers. */
  readonly cookies: readonly string[];
}

/**
 * Sends a GET request, by default without a cookie.
 *
 * @throws {Error} with the body of the response, if its status is 500 or more
 */
export async function get(url: string, cookie = ''): Promise<HttpResponse> {
  const response = await fetch(url, { headers: { cookie } });
  const body = await response.text();
  if (response.status >= 500) {
    throw new Error(body);
  }
  return { status: response.status, body, cookies: response.headers.getSetCookie() };
}

/** Returns the first cookie of a response, as a browser sends it back. */
export function cookieOf({ status, cookies }: HttpResponse): string {
  const [cookie] = cookies[0]?.split(';') ?? [];
  if (cookie === undefined) {
    throw new Error(`The response with status ${status} has no cookie`);
  }
  return cookie;
}

import { once } from 'node:events';
import { Agent, createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
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
  const { status, headers } = response;
  return withoutFailure({ status, body: await response.text(), cookies: headers.getSetCookie() });
}

/**
 * Returns a `get` that keeps its connections until the end of the scope. Node.js accepts one new
 * connection in each turn of the event loop, which takes seconds under load.
 */
export function createClient(scope: Scope): typeof get {
  const agent = new Agent({ keepAlive: true });
  scope.teardown(() => agent.destroy());
  return async (url, cookie = '') => {
    const [response] = await once(request(url, { agent, headers: { cookie } }).end(), 'response');
    const { statusCode: status, headers } = response;
    return withoutFailure({
      status,
      body: await text(response),
      cookies: headers['set-cookie'] ?? [],
    });
  };
}

/** @throws {Error} with the body of the response, if its status is 500 or more */
function withoutFailure(response: HttpResponse): HttpResponse {
  if (response.status >= 500) {
    throw new Error(response.body);
  }
  return response;
}

/** Returns the first cookie of a response, as a browser sends it back. */
export function cookieOf({ status, cookies }: HttpResponse): string {
  const [cookie] = cookies[0]?.split(';') ?? [];
  if (cookie === undefined) {
    throw new Error(`The response with status ${status} has no cookie`);
  }
  return cookie;
}

import autocannon, { type Client } from 'autocannon';
import { forEach } from './loop';

interface Load {
  readonly url: string;
  readonly cookies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
}

export interface Served {
  readonly requests: number;
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Asks for a page over and over, each connection with cookies of its own in turn; throws where any answer is not the page. */
export async function load({ url, cookies, connections, seconds }: Load): Promise<Served> {
  let connected = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    setupClient: (client: Client) => {
      const own = connected++;
      const cookiesOfClient = cookies.filter((_, index) => index % connections === own);
      client.setRequests(cookiesOfClient.map((cookie) => ({ method: 'GET', headers: { cookie } })));
    },
  });
  if (result.errors + result.timeouts + result.non2xx > 0) {
    throw new Error(`${url}: ${result.errors} errors, ${result.non2xx} answers that are not the page`);
  }
  const { total } = result.requests;
  return {
    requests: total,
    rate: total / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

/** Cookies of so many sessions that are signed in; empty ones of an application without sessions. */
export function signIn(url: string, count: number): Promise<string[]> {
  return forEach(Array.from({ length: count }), 16, async () => {
    const { headers } = await fetch(`${url}/sign-in`);
    const [cookie = ''] = headers.getSetCookie();
    return cookie.split(';', 1)[0] ?? '';
  });
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Scope } from '../scope';

/** A network between client and server that a test can cut and stall. */
export interface TestProxy {
  /** The URL, with the proxy in the place of the server. */
  readonly url: string;
  /** Lets nothing through any more, in either direction, and breaks nothing. */
  stall(): void;
  /** Resolves when somebody connects. */
  nextConnection(): Promise<unknown>;
  /** Lets through what was held up, and all that comes. */
  resume(): void;
  /** Breaks every connection, and refuses new ones until it is mended. */
  cut(): void;
  mend(): void;
}

/** Stands between a test and its server, until the test is over. */
export async function startProxy(t: Scope, serverUrl: string): Promise<TestProxy> {
  const { hostname, port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let [isStalled, isCut] = [false, false];
  const join = (socket: Socket) => {
    sockets.add(socket);
    // The other end may be gone by now, which is what the test is about.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (isStalled) {
      socket.pause();
    }
  };
  const server = createServer((client) => {
    if (isCut) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (data) => to.write(data)).on('close', () => to.destroy());
      join(from);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => {
    for (const socket of sockets) {
      socket.resetAndDestroy();
    }
  };
  t.teardown(() => {
    breakAll();
    server.close();
  });
  const proxied = Object.assign(new URL(serverUrl), {
    hostname: '127.0.0.1',
    port: String((server.address() as AddressInfo).port),
  });
  return {
    url: proxied.href,
    stall: () => {
      isStalled = true;
      for (const socket of sockets) {
        socket.pause();
      }
    },
    nextConnection: () => once(server, 'connection'),
    resume: () => {
      isStalled = false;
      for (const socket of sockets) {
        socket.resume();
      }
    },
    cut: () => {
      isCut = true;
      breakAll();
    },
    mend: () => {
      isCut = false;
    },
  };
}

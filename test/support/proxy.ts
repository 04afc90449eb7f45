import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Scope } from './scope';

/** A network between client and server that a test can break and stall. */
export interface TestProxy {
  /** The server's URL with the proxy's host and port. */
  readonly url: string;
  /** Holds back all data in both directions. All connections stay open. */
  stall(): void;
  /** Returns how many clients have connected until now. */
  connections(): number;
  /** Resolves when a client connects. */
  nextConnection(): Promise<unknown>;
  /** Forwards the data that it held back, and all later data. */
  resume(): void;
  /**
   * Drops all data of the connections that have sent a command, without a word. New connections
   * work, and so do connections that are not open yet.
   */
  forget(): void;
  /** Leads new connections to another server. Old ones stay where they are. */
  leadTo(serverUrl: string): void;
  /** Breaks all connections, and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
}

/** Starts a proxy in front of a server. Stops it at the end of the scope. */
export async function startProxy(scope: Scope, serverUrl: string): Promise<TestProxy> {
  let target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  /** The ends of connections that have sent a command. */
  const used = new Set<Socket>();
  /** Sockets without a proxy between them. To the server, they are open until the end. */
  const forgotten: Socket[] = [];
  let [isStalled, isCut, connections] = [false, false, 0];
  const addSocket = (socket: Socket) => {
    sockets.add(socket);
    // An error is expected: the tests break connections.
    socket
      .on('error', () => undefined)
      .on('close', () => {
        sockets.delete(socket);
        used.delete(socket);
      });
    if (isStalled) {
      socket.pause();
    }
  };
  const server = createServer((client) => {
    connections++;
    if (isCut) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    client.on('data', (data) => {
      // The number of a packet begins at 0 with each command. A login continues the server's.
      if (data[3] === 0) used.add(client).add(upstream);
    });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (data) => to.write(data)).on('close', () => to.destroy());
      addSocket(from);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => {
    for (const socket of sockets) {
      socket.resetAndDestroy();
    }
  };
  scope.teardown(() => {
    breakAll();
    for (const socket of forgotten) socket.destroy();
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
    connections: () => connections,
    nextConnection: () => once(server, 'connection'),
    resume: () => {
      isStalled = false;
      for (const socket of sockets) {
        socket.resume();
      }
    },
    forget: () => {
      for (const socket of used) {
        socket.removeAllListeners('data').removeAllListeners('close').resume();
        forgotten.push(socket);
        sockets.delete(socket);
      }
      used.clear();
    },
    leadTo: (url) => {
      target = new URL(url);
    },
    cut: () => {
      isCut = true;
      breakAll();
    },
    restore: () => {
      isCut = false;
    },
  };
}

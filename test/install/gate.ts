import { connect, createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

/**
 * A way to the server on which only so many statements that change something get through. Of the next one,
 * the server never hears.
 */
export interface Gate {
  readonly url: string;
  /** Resolves when it has closed. */
  readonly closed: Promise<void>;
  /** How many statements that change something it was sent. */
  statements(): number;
}

/** What becomes of the first statement that does not get through, and of those after it. */
export type Closing = 'refuse' | 'keep waiting';

// A packet is its length in three bytes, its number, and its payload, which starts with the command.
// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html
const header = 4;
const queryCommand = 3;

/** Asking changes nothing, and neither does what an installer sets for its own connection. */
const harmless = /^(SELECT|SHOW|SET (SESSION|NAMES)|BEGIN|COMMIT)\b/i;

export async function openGate(
  t: ExecutionContext,
  url: string,
  { after, closing }: { after: number; closing: Closing },
): Promise<Gate> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let statements = 0;
  let close: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });

  const gate = createServer((client) => {
    const server = connect(Number(port || 3306), hostname);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
    server.pipe(client);
    let read = Buffer.alloc(0);
    client.on('data', (data) => {
      read = Buffer.concat([read, data]);
      for (let packet = firstPacket(read); packet; packet = firstPacket(read)) {
        read = read.subarray(packet.length);
        if (!isChange(packet) || ++statements <= after) {
          server.write(packet);
          continue;
        }
        close();
        if (closing === 'refuse') {
          client.write(readOnly());
        }
      }
    });
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    gate.close();
  });
  const address = gate.address();
  const gatePort = typeof address === 'object' && address ? address.port : 0;
  return {
    url: Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(gatePort) }).href,
    closed,
    statements: () => statements,
  };
}

function firstPacket(data: Buffer): Buffer | undefined {
  const length = data.length < header ? Number.POSITIVE_INFINITY : header + data.readUIntLE(0, 3);
  return data.length < length ? undefined : data.subarray(0, length);
}

// The packets of a login are numbered on from the server's; a command starts anew with 0. For MySQL, what would
// tell of attributes stands ahead of the statement, in bytes below those of any text.
function isChange(packet: Buffer): boolean {
  const isQuery = packet[3] === 0 && packet[header] === queryCommand;
  const start = packet.findIndex((byte, index) => index > header && byte > 0x20);
  return isQuery && !harmless.test(packet.toString('utf8', start));
}

/** What a server says that has been made read-only meanwhile. */
function readOnly(): Buffer {
  const payload = Buffer.concat([
    Buffer.from([0xff]),
    Buffer.from(new Uint16Array([1290]).buffer),
    Buffer.from('#HY000The server is running with the --read-only option'),
  ]);
  return Buffer.concat([Buffer.from([payload.length, 0, 0, 1]), payload]);
}

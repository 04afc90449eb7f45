import { connect, createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

/**
 * A proxy to the server that passes a limited number of statements that change something, and then
 * closes.
 */
export interface Gate {
  readonly url: string;
  /** Resolves when the gate has stopped a statement. */
  readonly closed: Promise<void>;
  /** Returns how many statements that change something the client has sent. */
  statements(): number;
}

/**
 * What happens to the first statement after the limit. The gate refuses it, leaves the client
 * waiting, or lets the server run it and keeps the answer.
 */
export type Closing = 'refuse' | 'keep waiting' | 'keep the answer';

// A packet is its length in three bytes, its number, and its payload. The payload starts with the
// command.
// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html
const header = 4;
const queryCommand = 3;

/** Statements that change nothing, or only settings of the connection. */
const harmless = /^(SELECT|SHOW|SET (SESSION|NAMES|@)|BEGIN|START TRANSACTION|COMMIT|ROLLBACK)\b/i;

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
        if (closing === 'keep the answer' && statements === after + 1) {
          server.unpipe(client);
          server.resume();
          server.write(packet);
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

// A command has the packet number 0. The packets of a login continue the server's numbers. For
// MySQL, query attributes precede the statement, in bytes below those of any text.
function isChange(packet: Buffer): boolean {
  const isQuery = packet[3] === 0 && packet[header] === queryCommand;
  const start = packet.findIndex((byte, index) => index > header && byte > 0x20);
  return isQuery && !harmless.test(packet.toString('utf8', start));
}

/** Returns the error packet of a server that became read-only. */
function readOnly(): Buffer {
  const payload = Buffer.concat([
    Buffer.from([0xff]),
    Buffer.from(new Uint16Array([1290]).buffer),
    Buffer.from('#HY000The server is running with the --read-only option'),
  ]);
  return Buffer.concat([Buffer.from([payload.length, 0, 0, 1]), payload]);
}

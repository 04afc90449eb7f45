import { createClient } from 'redis';
import { findProgram } from './programs';
import type { Server } from './server';
import { throwAway } from './throwaway';

export async function bootRedis(): Promise<Server> {
  const program = await findProgram('redis-server');
  const { port, password, stop } = await throwAway({
    input: (secret) => `requirepass ${secret}\n`,
    first: ':',
    command: (directory, number) => [
      program,
      `${directory}/input`,
      ...['--port', String(number), '--bind', '127.0.0.1', '--dir', directory],
    ],
    signal: 'KILL',
    enter: async (number, secret) => {
      await informationOf(urlOf(number, secret));
    },
  });
  const url = urlOf(port, password);
  const information = await informationOf(url);
  const [, version] = /^redis_version:(\S+)/m.exec(information) ?? [];
  const [, pid] = /^process_id:(\d+)/m.exec(information) ?? [];
  return { kind: 'redis', title: `Redis ${version}`, url, pid: Number(pid), stop };
}

function urlOf(port: number, password: string): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

async function informationOf(url: string): Promise<string> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => undefined);
  await client.connect();
  const information = await client.info('server');
  client.destroy();
  return information;
}

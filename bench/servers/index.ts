import { bootCounterpart, bootMysql } from './mysql';
import { bootPostgresql } from './postgresql';
import { bootRedis } from './redis';
import type { Server, ServerKind } from './server';

export { cpuOf } from './cpu';
export type { Server, ServerKind } from './server';

type Running = ReadonlyMap<ServerKind, Server>;

/** Each is told what runs already. */
const boots: Record<ServerKind, (running: Running) => Promise<Server>> = {
  mysql: () => bootMysql(),
  counterpart: (running) => bootCounterpart(running.get('mysql')),
  redis: bootRedis,
  postgresql: bootPostgresql,
};

/** The servers that are here, and why the others are not. */
export interface Servers {
  readonly running: Running;
  readonly missing: ReadonlyMap<ServerKind, string>;
  readonly stop: () => Promise<void>;
}

export async function bootServers(kinds: readonly ServerKind[]): Promise<Servers> {
  const running = new Map<ServerKind, Server>();
  const missing = new Map<ServerKind, string>();
  for (const kind of kinds) {
    try {
      running.set(kind, await boots[kind](running));
    } catch (error) {
      missing.set(kind, error instanceof Error ? error.message : String(error));
    }
  }
  const stop = async () => {
    await Promise.all([...running.values()].map((server) => server.stop()));
  };
  return { running, missing, stop };
}

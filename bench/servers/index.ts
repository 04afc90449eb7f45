import { bootMysql } from './mysql';
import { bootPostgresql } from './postgresql';
import { bootRedis } from './redis';
import type { Server, ServerKind } from './server';

export { cpuOf } from './cpu';
export type { Server, ServerKind } from './server';

const boots: Record<ServerKind, () => Promise<Server>> = {
  mysql: bootMysql,
  redis: bootRedis,
  postgresql: bootPostgresql,
};

/** The servers that are here, and why the others are not. */
export interface Servers {
  readonly running: ReadonlyMap<ServerKind, Server>;
  readonly missing: ReadonlyMap<ServerKind, string>;
  readonly stop: () => Promise<void>;
}

export async function bootServers(kinds: readonly ServerKind[]): Promise<Servers> {
  const running = new Map<ServerKind, Server>();
  const missing = new Map<ServerKind, string>();
  for (const kind of kinds) {
    try {
      running.set(kind, await boots[kind]());
    } catch (error) {
      missing.set(kind, error instanceof Error ? error.message : String(error));
    }
  }
  const stop = async () => {
    await Promise.all([...running.values()].map((server) => server.stop()));
  };
  return { running, missing, stop };
}

import type { SessionData } from 'express-session';
import type { MySQLSessionStore } from '../../src';
import type { SessionOptions } from '../../src/options';
import type { Scope } from '../scope';
import type { ClusterNode } from '../servers/cluster-node';
import { openStore } from '../store';

/** Opens a store for each node, which it has ahead of the others. */
export function openStores(
  t: Scope,
  nodes: readonly ClusterNode[],
  accountUrl: string,
  options?: SessionOptions<SessionData>,
): MySQLSessionStore[] {
  const hosts = nodes.map(({ url }) => {
    const { hostname, port } = new URL(url);
    return Object.assign(new URL(accountUrl), { hostname, port }).href;
  });
  return hosts.map((host) => openStore(t, [host, ...hosts.filter((other) => other !== host)], options));
}

export async function signal(node: ClusterNode | undefined, name: NodeJS.Signals): Promise<void> {
  process.kill((await node?.pid()) ?? Number.NaN, name);
}

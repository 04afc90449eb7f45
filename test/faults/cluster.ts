import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionData } from 'express-session';
import type { MySQLSessionStore } from '../../src';
import type { SessionOptions } from '../../src/options';
import type { Scope } from '../scope';
import type { ClusterNode } from '../servers/cluster-node';
import { openStore } from '../store';
import type { TestProxy } from './proxy';

/**
 * Opens stores for each node, which they have ahead of the others.
 *
 * @param ofEach how many for each node
 */
export function openStores(
  t: Scope,
  nodes: ReadonlyArray<Pick<ClusterNode, 'url'>>,
  accountUrl: string,
  options?: SessionOptions<SessionData>,
  ofEach = 1,
): MySQLSessionStore[] {
  const hosts = nodes.map(({ url }) => {
    const { hostname, port } = new URL(url);
    return Object.assign(new URL(accountUrl), { hostname, port }).href;
  });
  return hosts.flatMap((host) => {
    const connection = [host, ...hosts.filter((other) => other !== host)];
    return Array.from({ length: ofEach }, () => openStore(t, connection, options));
  });
}

export async function signal(node: ClusterNode | undefined, name: NodeJS.Signals): Promise<void> {
  process.kill((await node?.pid()) ?? Number.NaN, name);
}

/** Has a node hang for so long, and go on when a store looks at it again: it may answer before it learns what it has missed. */
export async function hang(
  node: ClusterNode | undefined,
  proxy: TestProxy | undefined,
  milliseconds: number,
): Promise<void> {
  await signal(node, 'SIGSTOP');
  await sleep(milliseconds);
  await proxy?.nextConnection();
  await signal(node, 'SIGCONT');
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionData } from 'express-session';
import type { MySQLSessionStore } from '../../src';
import type { SessionOptions } from '../../src/options/store-options';
import type { TestProxy } from '../support/proxy';
import type { Scope } from '../support/scope';
import { openDefaultStore } from '../support/store';
import type { ClusterNode } from './cluster-servers';

/**
 * Opens stores for each node. A store prefers its node, and fails over to the others.
 *
 * @param storesPerNode by default one
 */
export function openStores(
  t: Scope,
  nodes: ReadonlyArray<Pick<ClusterNode, 'url'>>,
  accountUrl: string,
  options?: SessionOptions<SessionData>,
  storesPerNode = 1,
): MySQLSessionStore[] {
  const hosts = nodes.map(({ url }) => atHost(accountUrl, url));
  return hosts.flatMap((host) => {
    const connection = [host, ...hosts.filter((other) => other !== host)];
    return Array.from({ length: storesPerNode }, () => openDefaultStore(t, connection, options));
  });
}

/** Returns the URL of an account with the host and port of another URL. */
export function atHost(accountUrl: string, url: string): string {
  const { hostname, port } = new URL(url);
  return Object.assign(new URL(accountUrl), { hostname, port }).href;
}

export async function sendSignal(
  node: ClusterNode | undefined,
  name: NodeJS.Signals,
): Promise<void> {
  process.kill((await node?.pid()) ?? Number.NaN, name);
}

/**
 * Suspends a node, and resumes it when a store probes it again. The node can then answer before it
 * receives the writes that it missed.
 */
export async function hangNode(
  node: ClusterNode | undefined,
  proxy: TestProxy | undefined,
  milliseconds: number,
): Promise<void> {
  await sendSignal(node, 'SIGSTOP');
  await sleep(milliseconds);
  await proxy?.nextConnection();
  await sendSignal(node, 'SIGCONT');
}

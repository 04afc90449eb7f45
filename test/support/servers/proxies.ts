import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackProgram, unpackRouter } from './debian';
import { findPrograms, programFolders } from './installed';
import { waitUntilReady } from './server';
import { startSupervisor } from './supervisor';
import { freePort, serverUser } from './system';

export const proxyNames = ['haproxy', 'mysql-router'] as const;

export type ProxyName = (typeof proxyNames)[number];

/** @throws for a name that is not in `proxyNames` */
export function parseProxyName(text: string): ProxyName {
  const name = proxyNames.find((known) => known === text);
  if (!name) throw new Error(`Expected --proxy to be ${proxyNames.join(' or ')}, got '${text}'.`);
  return name;
}

/** A server behind a proxy. */
export interface ProxyTarget {
  /** The URL of a DBA's account. */
  readonly url: string;
  /** The port of 127.0.0.1 where HTTP tells HAProxy if it may use this server. */
  readonly healthPort?: number;
}

export interface ProxyServer {
  /** The URL of the first target, with the proxy's host and port. */
  readonly url: string;
  stop(): Promise<void>;
}

interface ProxyProgram {
  readonly command: readonly string[];
  readonly configOf: (port: number, targets: readonly ProxyTarget[]) => string;
}

/** Boots a proxy in front of servers. It leads each connection to the first one that it may use. */
export async function bootProxy(
  name: ProxyName,
  targets: readonly ProxyTarget[],
): Promise<ProxyServer> {
  const { command, configOf } = name === 'haproxy' ? await findHaproxy() : await findRouter();
  const port = await freePort();
  const supervisor = startSupervisor({
    script: 'private-program.sh',
    parameters: [join(tmpdir(), `kms-${randomBytes(6).toString('hex')}`), ...command],
    input: configOf(port, targets),
    env: process.env,
    user: await serverUser(),
  });
  const { href } = Object.assign(new URL(targets[0]?.url ?? ''), { host: `127.0.0.1:${port}` });
  try {
    await waitUntilReady(href, supervisor.ended);
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
  supervisor.unref();
  return { url: href, stop: supervisor.stop };
}

/** Finds HAProxy on this machine, or unpacks it from Debian's packages. */
async function findHaproxy(): Promise<ProxyProgram> {
  const [installed] = await findPrograms(['haproxy'], programFolders());
  const program = installed
    ? [installed]
    : await unpackProgram('apt-get', 'haproxy', 'usr/sbin/haproxy');
  return { command: [...program, '-db', '-f', 'config'], configOf: haproxyConfig };
}

/** Returns settings like those in docs/operations.md. */
function haproxyConfig(port: number, targets: readonly ProxyTarget[]): string {
  const hasChecks = targets.some(({ healthPort }) => healthPort !== undefined);
  return [
    'defaults',
    '  mode tcp',
    '  timeout connect 5s',
    '  timeout client 1h',
    '  timeout server 1h',
    'listen mysql',
    `  bind 127.0.0.1:${port}`,
    ...(hasChecks
      ? [
          '  option httpchk',
          '  default-server inter 200ms fall 1 rise 1 on-marked-down shutdown-sessions',
        ]
      : []),
    ...targets.map(({ url, healthPort }, index) => {
      const check = healthPort === undefined ? '' : ` check port ${healthPort}`;
      return `  server db${index} ${addressOf(url)}${check}${index > 0 ? ' backup' : ''}`;
    }),
    '',
  ].join('\n');
}

/** Finds MySQL Router on this machine, or unpacks it from Debian's packages. */
async function findRouter(): Promise<ProxyProgram> {
  const [installed] = await findPrograms(['mysqlrouter'], programFolders());
  if (installed) return { command: [installed, '-c', 'config'], configOf: routerConfig() };
  const tree = await unpackRouter('apt-get');
  return {
    command: [join(tree, 'usr/bin/mysqlrouter'), '-c', 'config'],
    configOf: routerConfig(join(tree, 'usr/lib/mysqlrouter/plugin')),
  };
}

/** @param pluginFolder by default the one that the program knows */
function routerConfig(pluginFolder?: string) {
  return (port: number, targets: readonly ProxyTarget[]): string =>
    [
      '[DEFAULT]',
      'logging_folder=',
      'runtime_folder=.',
      'data_folder=.',
      ...(pluginFolder === undefined ? [] : [`plugin_folder=${pluginFolder}`]),
      '[logger]',
      'level=WARNING',
      '[routing:rw]',
      `bind_address=127.0.0.1:${port}`,
      `destinations=${targets.map(({ url }) => addressOf(url)).join(',')}`,
      'routing_strategy=first-available',
      'protocol=classic',
      // The tests break off many handshakes.
      'max_connect_errors=4294967295',
      '',
    ].join('\n');
}

function addressOf(url: string): string {
  return new URL(url).host;
}

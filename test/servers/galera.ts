import { randomBytes } from 'node:crypto';
import { bootNodes, type ClusterNode } from './cluster-node';
import { galeraServer } from './galera-server';
import { type Machine, thisMachine } from './machine';
import { freePort } from './port';
import { bootThrowaway } from './throwaway';

/** Seconds after which a node that ended is started again: not before the others have missed it, or all of them stop for both. */
const restartAfter = 5;

// Short, so that a node that is gone is missed after two seconds, and not after ten.
const groupTimes = [
  'evs.keepalive_period=PT0.5S',
  'evs.inactive_check_period=PT0.25S',
  'evs.suspect_timeout=PT1.5S',
  'evs.inactive_timeout=PT3S',
  'evs.install_timeout=PT3S',
];

// The first node begins the cluster, the first time that it is started; later it joins the others, as they do.
const beginOnce = 'if [ -e begun ]; then exec "$@"; fi; : >begun; exec "$@" --wsrep-new-cluster';

/** Boots a Galera cluster of MariaDB of one's own, of three nodes. One that ends is started again, and takes its state from another. */
export async function bootCluster(machine: Machine = thisMachine()): Promise<ClusterNode[]> {
  const { binary, provider } = await galeraServer(machine);
  const password = randomBytes(16).toString('hex');
  const ports = await Promise.all(
    Array.from({ length: 3 }, async () => ({
      group: await freePort(),
      ist: await freePort(),
      sst: await freePort(),
    })),
  );
  const address = `gcomm://${ports.map(({ group }) => `127.0.0.1:${group}`).join(',')}`;
  return bootNodes(ports, async ({ group, ist, sst }, index) => {
    const options = [
      'gcache.size=32M',
      `gmcast.listen_addr=tcp://127.0.0.1:${group}`,
      `ist.recv_addr=127.0.0.1:${ist}`,
      ...groupTimes,
    ];
    const flags = [
      '--binlog-format=ROW',
      '--innodb-autoinc-lock-mode=2',
      '--wsrep-on=ON',
      `--wsrep-provider=${provider}`,
      `--wsrep-cluster-name=${password.slice(0, 8)}`,
      `--wsrep-node-name=n${index + 1}`,
      `--wsrep-node-address=127.0.0.1:${group}`,
      `--wsrep-cluster-address=${address}`,
      '--wsrep-sst-method=rsync',
      `--wsrep-sst-receive-address=127.0.0.1:${sst}`,
      '--wsrep-slave-threads=2',
      `--wsrep-provider-options=${options.join(';')}`,
    ];
    const command = index === 0 ? ['/bin/sh', '-c', beginOnce, 'sh', ...binary.command] : binary.command;
    return bootThrowaway({ ...binary, command }, { flags, restartAfter, password });
  });
}

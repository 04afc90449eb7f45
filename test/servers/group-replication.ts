import { randomBytes, randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { bootNodes, type ClusterNode } from './cluster-node';
import { installedOf } from './installed';
import { type Machine, thisMachine } from './machine';
import { kindOf } from './names';
import { freePort } from './port';
import { suiteServer } from './suite';
import { bootThrowaway } from './throwaway';

// The data directories are copies of one, and a member must have an identity of its own, which it makes where there is none.
const anew =
  'if [ -d data ] && [ ! -e begun ]; then rm -f data/auto.cnf && : >begun || exit 1; fi; exec "$@"';

const flagsOfAll = [
  '--gtid-mode=ON',
  '--enforce-gtid-consistency=ON',
  '--log-bin=binlog',
  '--performance-schema=ON',
  '--report-host=127.0.0.1',
  '--plugin-load-add=group_replication.so',
  '--group-replication-start-on-boot=OFF',
  '--group-replication-recovery-get-public-key=ON',
  // One that is gone is missed after five seconds, and then not waited for.
  '--group-replication-member-expel-timeout=0',
];

/**
 * Boots a group of three servers of MySQL, as under InnoDB Cluster, of one's own. What has ended is not started again.
 *
 * @param isMultiPrimary whether all of them take writes, and show what the others wrote at once, or the first alone
 */
export async function bootGroup(
  isMultiPrimary: boolean,
  machine: Machine = thisMachine(),
): Promise<ClusterNode[]> {
  const binary =
    (await installedOf('mysql', machine.folders)) ?? (await suiteServer(machine.aptGet, kindOf('mysql-9.7')));
  const member = { ...binary, command: ['/bin/sh', '-c', anew, 'sh', ...binary.command] };
  const password = randomBytes(16).toString('hex');
  const name = randomUUID();
  const addresses = await Promise.all(Array.from({ length: 3 }, async () => `127.0.0.1:${await freePort()}`));
  return bootNodes(
    addresses,
    (address, index) => {
      const flags = [
        ...flagsOfAll,
        `--server-id=${index + 1}`,
        `--group-replication-group-name=${name}`,
        `--group-replication-local-address=${address}`,
        `--group-replication-group-seeds=${addresses.join(',')}`,
        `--group-replication-single-primary-mode=${isMultiPrimary ? 'OFF' : 'ON'}`,
        '--group-replication-consistency=BEFORE',
      ];
      return bootThrowaway(member, { flags, password });
    },
    ({ url }, index) => joinGroup(url, password, index === 0),
  );
}

async function joinGroup(url: string, password: string, isFirst: boolean): Promise<void> {
  const connection = await createConnection(url);
  try {
    // What made it ready is not for the others, who have done the same.
    await connection.query('RESET BINARY LOGS AND GTIDS');
    await connection.query(`SET GLOBAL group_replication_bootstrap_group = ${isFirst ? 'ON' : 'OFF'}`);
    await connection.query(`START GROUP_REPLICATION USER = 'dba', PASSWORD = '${password}'`);
    await connection.query('SET GLOBAL group_replication_bootstrap_group = OFF');
  } finally {
    await connection.end();
  }
}

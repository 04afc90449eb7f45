import { randomBytes, randomUUID } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { type Machine, thisMachine } from '../support/servers';
import { mariadbIn, unpackMariadbTree, unpackRelease } from '../support/servers/debian';
import { findInstalled, findPrograms } from '../support/servers/installed';
import { bootPrivateServer } from '../support/servers/private-server';
import { releaseOf, type Server, type ServerProgram } from '../support/servers/server';
import { freePort } from '../support/servers/system';

/** One of three servers that replicate the same data. */
export interface ClusterNode extends Server {
  /** Returns the id of the server's process. */
  pid(): Promise<number>;
}

/** Seconds until a Galera node restarts. The others must notice its end first, or they stop. */
const restartAfter = 5;

// Short times, so the cluster notices the end of a node after 2 seconds instead of 10.
const galeraTimeouts = [
  'evs.keepalive_period=PT0.5S',
  'evs.inactive_check_period=PT0.25S',
  'evs.suspect_timeout=PT1.5S',
  'evs.inactive_timeout=PT3S',
  'evs.install_timeout=PT3S',
];

// The first node creates the cluster when it starts first. Later it joins, as the others do.
const createOnce = 'if [ -e begun ]; then exec "$@"; fi; : >begun; exec "$@" --wsrep-new-cluster';

/** Boots a Galera cluster of MariaDB. A node that ends starts again and copies another's state. */
export async function bootGaleraCluster(machine: Machine = thisMachine()): Promise<ClusterNode[]> {
  const { program, provider } = await findGalera(machine);
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
      ...galeraTimeouts,
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
    const node = index === 0 ? runByShell(program, createOnce) : program;
    return bootPrivateServer(node, { flags, restartAfter, password });
  });
}

interface GaleraProgram {
  readonly program: ServerProgram;
  /** The library that connects the nodes. */
  readonly provider: string;
}

/** Uses an installed MariaDB if its Galera library and rsync are installed too. */
async function findGalera({ folders, aptGet }: Machine): Promise<GaleraProgram> {
  const library = 'usr/lib/galera/libgalera_smm.so';
  const helpers = await findPrograms(['rsync', 'wsrep_sst_rsync'], folders);
  const isInstalled = await access(join('/', library)).then(
    () => helpers.length === 2,
    () => false,
  );
  const installed = isInstalled ? await findInstalled('mariadb', folders) : undefined;
  if (installed) return { program: installed, provider: join('/', library) };

  const packages = ['mariadb-server', 'mariadb-client', 'galera-4', 'rsync'];
  const tree = await unpackMariadbTree('mariadb-galera', aptGet, packages);
  const unpacked = await mariadbIn(tree);
  // The script that copies the state of another node needs the programs of the tree.
  const path = `PATH=${join(tree, 'usr/bin')}:${process.env.PATH}`;
  const command = ['env', path, ...unpacked.command];
  return { program: { ...unpacked, command }, provider: join(tree, library) };
}

const replicationFlags = [
  '--gtid-mode=ON',
  '--enforce-gtid-consistency=ON',
  '--log-bin=binlog',
  '--performance-schema=ON',
  '--report-host=127.0.0.1',
  '--plugin-load-add=group_replication.so',
  '--group-replication-start-on-boot=OFF',
  '--group-replication-recovery-get-public-key=ON',
  '--group-replication-consistency=BEFORE',
  // The group expels a member without a reply after 5 seconds. This adds no further wait.
  '--group-replication-member-expel-timeout=0',
];

/**
 * Boots a group of three MySQL servers, as InnoDB Cluster does. A member that ends stays down.
 *
 * @param isMultiPrimary whether all members accept writes, or only the first one
 */
export async function bootReplicationGroup(
  isMultiPrimary: boolean,
  machine: Machine = thisMachine(),
): Promise<ClusterNode[]> {
  const program =
    (await findInstalled('mysql', machine.folders)) ??
    (await unpackRelease(machine.aptGet, releaseOf('mysql-9.7')));
  const password = randomBytes(16).toString('hex');
  const name = randomUUID();
  const addresses = await Promise.all(
    Array.from({ length: 3 }, async () => `127.0.0.1:${await freePort()}`),
  );
  return bootNodes(
    addresses,
    (address, index) => {
      const flags = [
        ...replicationFlags,
        `--server-id=${index + 1}`,
        `--group-replication-group-name=${name}`,
        `--group-replication-local-address=${address}`,
        `--group-replication-group-seeds=${addresses.join(',')}`,
        `--group-replication-single-primary-mode=${isMultiPrimary ? 'OFF' : 'ON'}`,
      ];
      return bootPrivateServer(program, { flags, password });
    },
    ({ url }, index) => joinGroup(url, password, index === 0),
  );
}

async function joinGroup(url: string, password: string, isFirst: boolean): Promise<void> {
  const connection = await createConnection(url);
  try {
    // Each member has created its account already, so it must not replicate this.
    await connection.query('RESET BINARY LOGS AND GTIDS');
    await connection.query(
      `SET GLOBAL group_replication_bootstrap_group = ${isFirst ? 'ON' : 'OFF'}`,
    );
    await connection.query(`START GROUP_REPLICATION USER = 'dba', PASSWORD = '${password}'`);
    await connection.query('SET GLOBAL group_replication_bootstrap_group = OFF');
  } finally {
    await connection.end();
  }
}

function runByShell(program: ServerProgram, script: string): ServerProgram {
  return { ...program, command: ['/bin/sh', '-c', script, 'sh', ...program.command] };
}

/**
 * Boots nodes one after the other. If one fails, all stop.
 *
 * @param join adds a booted node to the nodes before it
 */
async function bootNodes<Place>(
  places: readonly Place[],
  boot: (place: Place, index: number) => Promise<Server>,
  join: (server: Server, index: number) => Promise<void> = async () => undefined,
): Promise<ClusterNode[]> {
  const servers: Server[] = [];
  try {
    for (const [index, place] of places.entries()) {
      const server = await boot(place, index);
      servers.push(server);
      await join(server, index);
    }
    return await Promise.all(servers.map(toNode));
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
}

async function toNode(server: Server): Promise<ClusterNode> {
  const connection = await createConnection(server.url);
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT @@pid_file AS file');
  await connection.end();
  return { ...server, pid: async () => Number(await readFile(String(row?.file), 'utf8')) };
}

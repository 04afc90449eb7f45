import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binary } from './binary';
import { debianTree, packagedServer } from './debian';
import { installedOf } from './installed';
import type { Machine } from './machine';
import { findPrograms } from './programs';

/** A server that can be a node of a Galera cluster. */
export interface GaleraServer {
  readonly binary: Binary;
  /** The library that makes it one. */
  readonly provider: string;
}

/** Where Debian's galera-4 has it. */
const provider = 'usr/lib/galera/libgalera_smm.so';

const packages = [
  'mariadb-server-core',
  'mariadb-client-core',
  'mariadb-server',
  'mariadb-client',
  'galera-4',
  'rsync',
];

/** The one that is installed with all that a node needs to take its state from another; else of Debian's packages. */
export async function galeraServer(machine: Machine): Promise<GaleraServer> {
  return (await installedServer(machine)) ?? debianGalera(machine.aptGet);
}

async function installedServer({ folders }: Machine): Promise<GaleraServer | undefined> {
  const helpers = await findPrograms(['rsync', 'wsrep_sst_rsync'], folders);
  const isThere = await access(join('/', provider)).then(
    () => true,
    () => false,
  );
  const binary = isThere && helpers.length === 2 ? await installedOf('mariadb', folders) : undefined;
  return binary && { binary, provider: join('/', provider) };
}

async function debianGalera(aptGet: string): Promise<GaleraServer> {
  const tree = await debianTree('galera', packages, aptGet);
  const binary = await packagedServer(tree);
  // The script by which a node takes its state, and what that needs.
  const path = `PATH=${join(tree, 'usr/bin')}:${process.env.PATH}`;
  return {
    binary: { ...binary, command: ['env', path, ...binary.command] },
    provider: join(tree, provider),
  };
}

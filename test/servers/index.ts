import { givenServer } from './given';
import { type Machine, thisMachine } from './machine';
import type { ServerName } from './names';
import type { Server } from './server';
import { boot } from './ways';

export { type ServerName, serverName, serverNames } from './names';
export type { Flavor, Server } from './server';

/** The server that MYSQL_URL names, and there is no default for it; else one that is booted for the caller. */
export async function findServer(machine: Machine = thisMachine()): Promise<Server> {
  return machine.url ? givenServer(machine.url, machine.folders) : boot(machine, []);
}

/** A server of a name, such as mysql-9.7, whatever else there is. */
export async function bootNamed(name: ServerName, machine: Machine = thisMachine()): Promise<Server> {
  return boot({ ...machine, name }, []);
}

/**
 * A server of one's own, for what would disturb others, or needs flags such as `--general-log`. In a run on a
 * named server it is another of that name.
 */
export async function bootServer({
  flags = [],
  restartAfter,
  machine = thisMachine(),
}: {
  flags?: string[];
  /** Seconds after which it is started again on its data, when it has ended; never where left out. */
  restartAfter?: number | undefined;
  machine?: Machine;
} = {}): Promise<Server> {
  return boot(machine, flags, restartAfter);
}

import type { Binary } from './binary';
import { debianServer } from './debian';
import { dockerServer } from './docker';
import { inspect, serverPrograms } from './installed';
import type { Machine } from './machine';
import { type Kind, kindOf, titleOf } from './names';
import { type Server, seriesOf } from './server';
import { suiteServer } from './suite';
import { bootThrowaway } from './throwaway';

/** A way to a server of one's own: of a kind, or of any. */
interface Way {
  /** What to do, for those who would have it this way. */
  advice(kind: Kind | undefined): string;
  take(
    machine: Machine,
    kind: Kind | undefined,
    flags: readonly string[],
    restartAfter: number | undefined,
  ): Promise<Server>;
}

const ways: Way[] = [
  {
    advice: (kind) => `install ${kind ? titleOf(kind) : 'MariaDB or MySQL'}`,
    take: async ({ folders }, kind, flags, restartAfter) => {
      const reasons: string[] = [];
      for (const program of await serverPrograms(folders)) {
        try {
          const binary = await inspect(program, folders);
          if (kind) insist(kind, binary);
          return await bootThrowaway(binary, { flags, restartAfter });
        } catch (error) {
          reasons.push(reasonOf(error));
        }
      }
      throw new Error(reasons.join('\n') || 'no mariadbd or mysqld in PATH or the usual folders');
    },
  },
  {
    advice: () => 'start Docker',
    take: async ({ docker }, kind, flags, restartAfter) => {
      if (restartAfter !== undefined) throw new Error('a container is not started again');
      return dockerServer(docker, kind, flags);
    },
  },
  {
    advice: (kind) => `on Debian${kind ? '' : ' and its kin'}, let apt-get reach its mirrors`,
    take: async ({ aptGet }, kind, flags, restartAfter) =>
      bootThrowaway(await (kind ? suiteServer(aptGet, kind) : debianServer(aptGet)), { flags, restartAfter }),
  },
];

/** Boots a server in the first way that leads to one. Throws all the choices and why each was not taken. */
export async function boot(
  machine: Machine,
  flags: readonly string[],
  restartAfter?: number,
): Promise<Server> {
  const kind = machine.name && kindOf(machine.name);
  const choices: string[] = [];
  if (!kind) {
    const reason = machine.url ? 'not asked for here' : 'it is not set';
    choices.push(`- set MYSQL_URL to an administrator's URL: ${reason}`);
  }
  for (const way of ways) {
    try {
      return await way.take(machine, kind, flags, restartAfter);
    } catch (error) {
      choices.push(`- ${way.advice(kind)}: ${reasonOf(error)}`);
    }
  }
  const missing = kind ? titleOf(kind) : 'database server';
  throw new Error(`There is no ${missing} here. Any of these would do:\n${choices.join('\n')}`);
}

function insist(kind: Kind, { command, flavor, version }: Binary): void {
  if (flavor !== kind.flavor || seriesOf(version) !== kind.series) {
    throw new Error(`${command.join(' ')} is another: ${version}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Gibibytes. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
}

export async function thisMachine(): Promise<Machine> {
  const description = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const [, name = type()] = /^PRETTY_NAME="?([^"\n]+)/m.exec(description) ?? [];
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${name}, ${type()} ${release().split('-', 1)[0]}, ${arch()}`,
    node: process.versions.node,
  };
}

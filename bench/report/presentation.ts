import type { Chart } from './charts';
import { details, table } from './markdown';
import type { Outcome } from './outcome';

/** A part for readers. */
export interface Presentation {
  readonly markdown: string;
  /** By the names of their files. */
  readonly charts: Readonly<Record<string, Chart>>;
}

/** What the figures were measured with. */
export function circumstances({ date, rounds, machine, servers, packages, skipped }: Outcome): string {
  const { cpu, cores, memory, system, node } = machine;
  const left = Object.entries(skipped).map(
    ([name, reason]) => `${name} was left out: ${reason.split('\n', 1)}.`,
  );
  return [
    `${date}. ${cores} cores (${cpu}), ${memory} GB; ${system}; Node.js ${node}; ${servers.join(', ')}. Rounds: ${rounds}.`,
    ...left,
    details('Versions of the packages', table(['package', 'version'], Object.entries(packages))),
  ].join('\n\n');
}

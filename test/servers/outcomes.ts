import { kindOf, type ServerName, serverNames } from './names';

/** What came of a run on a named server. */
export interface Outcome {
  name: ServerName;
  result: 'green' | 'red' | 'absent';
  /** Where the server came from, or why there was none. */
  remark: string;
}

/** A line each, for people. */
export function table(outcomes: readonly Outcome[]): string {
  const width = Math.max(...serverNames.map((name) => name.length));
  const lines = outcomes.map(({ name, result, remark }) => {
    const start = `${result.padEnd('absent'.length)}  ${name.padEnd(width)}  `;
    return start + remark.replaceAll('\n', `\n${' '.repeat(start.length)}`);
  });
  return lines.join('\n');
}

/**
 * What the runs prove together. A machine may lack a server, but what holds on one flavor only, or is not known
 * to hold on the other, is no success.
 */
export function verdict(outcomes: readonly Outcome[]): 'green' | 'red' | 'not enough servers' {
  if (outcomes.some(({ result }) => result === 'red')) return 'red';
  const had = outcomes.filter(({ result }) => result === 'green');
  const flavors = new Set(had.map(({ name }) => kindOf(name).flavor));
  return flavors.size === 2 ? 'green' : 'not enough servers';
}

import { readFile } from 'node:fs/promises';
import type { FileTiming } from './record-timings';

interface TestTiming {
  readonly title: string;
  readonly wall: number;
}

/** Reads what the processes of a run recorded. */
export async function readTimings(path: string): Promise<FileTiming[]> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/**
 * Formats the slowest files and tests.
 *
 * @param output what AVA printed
 */
export function formatTimings(files: readonly FileTiming[], output: string, count = 15): string {
  const tests = parseTests(output);
  const [wall, cpu] = [sum(files, 'wall'), sum(files, 'cpu')];
  return [
    '',
    `${files.length} files: ${seconds(wall)} of processes, ${seconds(cpu)} of CPU time`,
    ...slowest(files, 'cpu', count).map(
      ({ file, ...times }) => `${seconds(times.cpu)} CPU  ${seconds(times.wall)} wall  ${file}`,
    ),
    '',
    `${tests.length} tests of 100 ms and more`,
    ...slowest(tests, 'wall', count).map((test) => `${seconds(test.wall)} wall  ${test.title}`),
  ].join('\n');
}

/** Parses lines of AVA such as `  ✔ file › title (1m 2.5s)`. */
export function parseTests(output: string): TestTiming[] {
  const pattern = /^ +[✔✘] (.+) \((?:(\d+)m ?)?(?:([\d.]+)(m?s))?\)$/gm;
  return [...output.matchAll(pattern)].map(([, title = '', minutes = '0', number = '0', unit]) => ({
    title,
    wall: Number(minutes) * 60 + Number(number) / (unit === 'ms' ? 1_000 : 1),
  }));
}

function slowest<Key extends string, T extends Record<Key, number>>(
  items: readonly T[],
  key: Key,
  count: number,
): T[] {
  return items.toSorted((a, b) => b[key] - a[key]).slice(0, count);
}

function sum<Key extends string>(items: readonly Record<Key, number>[], key: Key): number {
  return items.reduce((total, item) => total + item[key], 0);
}

function seconds(number: number): string {
  return `${number.toFixed(1).padStart(7)} s`;
}

import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { OutputFlags } from './command-options';
import { processContext } from './process-context';

type Style = Parameters<typeof styleText>[0];

/** Prints a result to stdout, as JSON if the user asked for it. */
export function printResult<T>(
  { json }: OutputFlags,
  result: T,
  format: (result: T) => string,
): void {
  printText(`${json ? JSON.stringify(result, undefined, 2) : format(result)}\n`);
}

/** Prints a text to stdout. */
export function printText(text: string): void {
  processContext().stdout.write(text);
}

/** Prints a message for people to stderr. Scripts read stdout only. */
export function printMessage(text: string): void {
  processContext().stderr.write(`${text}\n`);
}

/** Styles a part of the result if stdout is a terminal with colors. */
export function style(format: Style, text: string): string {
  return styleText(format, text, { stream: processContext().stdout });
}

/** Styles a part of a message if stderr is a terminal with colors. */
export function styleMessage(format: Style, text: string): string {
  return styleText(format, text, { stream: processContext().stderr });
}

const borders = [
  ...['top', 'top-mid', 'top-left', 'top-right'],
  ...['bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
];

/** Returns rows in aligned columns, without lines between them. */
export function formatTable(rows: readonly string[][], head: readonly string[] = []): string {
  const table = new Table({
    head: head.map((heading) => style('bold', heading)),
    chars: { ...Object.fromEntries(borders.map((border) => [border, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows);
  return table.toString().replace(/ +$/gm, '');
}

export function pluralize(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** Returns a time in UTC, to the second. */
export function formatTime(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

/** Returns a duration in its largest unit, rounded down: `3d`, `22h`, `59m` or `7s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(Math.floor(milliseconds / 1_000), 0);
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'm'],
  ] as const;
  const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, 's'];
  return `${Math.floor(seconds / size)}${unit}`;
}

/** Returns the time that is so many milliseconds from now, by the clock of this machine. */
export function timeFromNow(milliseconds: number): Date {
  return new Date(Date.now() + milliseconds);
}

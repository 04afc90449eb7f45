import { stripVTControlCharacters, styleText } from 'node:util';
import Table from 'cli-table3';
import { Help } from 'commander';
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

/** The usual width of a terminal, in characters. */
export const maxWidth = 80;

const columnGap = '  ';

/**
 * Returns rows in aligned columns, without lines between them. If a line would be wider than
 * `maxWidth`, the texts of the widest column continue on more lines. Words, such as ids, stay whole
 * to be copied.
 */
export function formatTable(rows: readonly string[][], head: readonly string[] = []): string {
  const table = new Table({
    head: head.map((heading) => style('bold', heading)),
    chars: { ...Object.fromEntries(borders.map((border) => [border, ''])), middle: columnGap },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...wrapWidestColumn(rows, head));
  return table.toString().replace(/ +$/gm, '');
}

function wrapWidestColumn(rows: readonly string[][], head: readonly string[]): string[][] {
  const widths = [head, ...rows].reduce<number[]>(
    (soFar, row) => row.map((text, column) => Math.max(soFar[column] ?? 0, widthOf(text))),
    [],
  );
  const total = widths.reduce((sum, width) => sum + columnGap.length + width, -columnGap.length);
  const excess = total - maxWidth;
  if (excess <= 0) {
    return [...rows];
  }
  const widest = Math.max(...widths);
  const index = widths.indexOf(widest);
  return rows.map((row) => row.with(index, wrap(row[index] ?? '', widest - excess)));
}

/** Returns the width of a text's longest line. */
export function widthOf(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.length),
  );
}

function wrap(text: string, width: number): string {
  const help = new Help();
  // By default, it does not wrap to narrow columns.
  help.minWidthToWrap = 1;
  return help.boxWrap(text, width);
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

import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { OutputFlags } from './command-options';

type Style = Parameters<typeof styleText>[0];

/** Prints a result to stdout, as JSON if the user asked for it. */
export function printResult<T>(
  { json }: OutputFlags,
  result: T,
  format: (result: T) => string,
): void {
  const text = json ? JSON.stringify(result, undefined, 2) : format(result);
  process.stdout.write(`${text}\n`);
}

/** Prints a message for people to stderr. Scripts read stdout only. */
export function printMessage(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Styles a text if the stream is a terminal with colors. */
export function style(
  format: Style,
  text: string,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  return styleText(format, text, { stream });
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

/** Returns the time that is so many milliseconds from now, by the clock of this machine. */
export function timeFromNow(milliseconds: number): Date {
  return new Date(Date.now() + milliseconds);
}

/** Lets a reader such as `head` close its end early. That is no failure. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') {
        throw error;
      }
    });
  }
}

import { inspect, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** The width of the output. */
export const columns = 80;

let steps = 0;

/** Prints the title of the next step. */
export function heading(title: string): void {
  steps++;
  console.log(`\n${styled('bold', `${steps}. ${title}`)}`);
}

export function say(text: string): void {
  console.log(indented(text, '   '));
}

/** Prints a command, a query or a request after its prompt. */
export function command(prompt: string, text: string): void {
  const [first, ...rest] = text.split('\n');
  const indent = ' '.repeat(prompt.length + 4);
  const lines = [`${prompt} ${first}`, ...rest.map((line) => indent + line)];
  console.log(`   ${styled('cyan', lines.join('\n'))}`);
}

/** Prints what a program, the server or a page answered. */
export function answer(text: string): void {
  console.log(indented(wrapped(text.trimEnd(), columns - 5), styled('dim', '   │ ')));
}

/** Prints a claim that holds. Fails the demo with the actual value if it does not hold. */
export function check(claim: string, holds: boolean, actual: unknown): void {
  if (!holds) {
    const got = typeof actual === 'string' ? actual : inspect(actual);
    throw new Error(`Expected: ${claim}\nGot: ${got}`);
  }
  console.log(`   ${styled('green', '✔')} ${claim}`);
}

/** Prints why the demo failed. */
export function fail(text: string): void {
  console.error(`\n${styled('red', '✘ The demo failed.', process.stderr)} ${text}`);
}

/** Prints the start and the end of an answer that may be long. */
export function shortAnswer(text: string): void {
  const lines = text.trimEnd().split('\n');
  const rest = lines.splice(4, Math.max(0, lines.length - 5));
  if (rest.length > 1) rest.splice(0, rest.length, `… ${rest.length} more lines`);
  answer(lines.toSpliced(4, 0, ...rest).join('\n'));
}

/** Breaks lines at spaces. A longer word stays in one piece. */
export function wrapped(text: string, width: number): string {
  return text.replace(new RegExp(`(?=.{${width + 1}})(.{1,${width}}) +`, 'g'), '$1\n');
}

function indented(text: string, indent: string): string {
  return text.replace(/^/gm, indent).replace(/ +$/gm, '');
}

function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
}

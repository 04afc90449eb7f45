import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

let steps = 0;

/** Begins the next step. */
export function heading(title: string): void {
  steps++;
  console.log(`\n${styled('bold', `${steps}. ${title}`)}`);
}

export function say(text: string): void {
  console.log(indented(text, '   '));
}

/** What somebody types or sends, at the prompt of who does it. */
export function command(prompt: string, text: string): void {
  const [first = '', ...further] = text.split('\n');
  const indent = ' '.repeat(prompt.length + 1);
  console.log(
    `   ${styled('cyan', [`${prompt} ${first}`, ...further.map((line) => `   ${indent}${line}`)].join('\n'))}`,
  );
}

/** What a program, a server or a page answered. */
export function answer(text: string): void {
  console.log(indented(text.trimEnd(), styled('dim', '   │ ')));
}

/** What was found to be as it should be. */
export function found(claim: string): void {
  console.log(`   ${styled('green', '✔')} ${claim}`);
}

/** What went wrong. */
export function warn(text: string): void {
  console.error(`\n${styled('red', '✘ The demo failed.', process.stderr)} ${text}`);
}

function indented(text: string, indent: string): string {
  return text.replace(/^/gm, indent).replace(/ +$/gm, '');
}

function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
}

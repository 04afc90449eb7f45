import { ArgumentError } from '../../errors';
import { processContext } from './process-context';

/** Prompts go to stderr, because stdout holds the result. */
function promptStreams() {
  const { stdin, stderr } = processContext();
  return { input: stdin, output: stderr };
}

/** Fails if no user can answer a prompt. `argument` and `expected` go into the error. */
export function assertTerminal(argument: string, expected: string): void {
  const { stdin, stderr } = processContext();
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new ArgumentError(argument, expected, 'no terminal');
  }
}

/** Asks for a password without showing it. */
export async function askPassword(user: string): Promise<string> {
  assertTerminal('password', 'used at a terminal (without one, set MYSQL_PWD)');
  const { default: password } = await import('@inquirer/password');
  return password({ message: `Password of ${user}:` }, promptStreams());
}

/** Asks a question whose default answer is no. */
export async function confirm(message: string): Promise<boolean> {
  const { default: prompt } = await import('@inquirer/confirm');
  return prompt({ message, default: false }, promptStreams());
}

/** Asks for a text. The answer is `proposal` if the user just presses Enter. */
export async function askText(message: string, proposal: string): Promise<string> {
  const { default: prompt } = await import('@inquirer/input');
  return prompt({ message, default: proposal }, promptStreams());
}

/**
 * Refuses a password on the command line, where every user of the machine can read it. Call this
 * before the command line is parsed: errors of the parser would repeat the password.
 */
export function refuseTypedPassword(argv: readonly string[]): void {
  if (argv.some((argument) => /^(?:-p.|--password=)/s.test(argument))) {
    throw new ArgumentError(
      '--password',
      'given without a value, which asks for it (scripts set MYSQL_PWD)',
      'a value on the command line, where other users can read it',
    );
  }
}

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ArgumentError } from '../../errors';
import { PromptInterruptedError } from './errors';
import { styleMessage } from './output';
import { processContext } from './process-context';

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
  return ask(`Password of ${user}:`, { isHidden: true });
}

/** Asks a question whose default answer is no. */
export async function confirm(message: string): Promise<boolean> {
  return isYes(await ask(`${message} (y/N)`));
}

/** Asks as `confirm` does. The answer `s` shows the SQL, and asks again. */
export async function confirmSql(message: string, showSql: () => void): Promise<boolean> {
  for (;;) {
    const answer = await ask(`${message} (y/N, s shows the SQL)`);
    if (!/^s(?:how)?$/i.test(answer)) return isYes(answer);
    showSql();
  }
}

function isYes(answer: string): boolean {
  return /^y(?:es)?$/i.test(answer);
}

/** Asks for a text. The answer is `proposal` if the user just presses Enter. */
export async function askText(message: string, proposal: string): Promise<string> {
  return (await ask(`${message} (${proposal})`)) || proposal;
}

/** Prompts go to stderr, because stdout holds the result. */
async function ask(question: string, { isHidden = false } = {}): Promise<string> {
  const { stdin, stderr } = processContext();
  const output = isHidden ? discard() : stderr;
  const readline = createInterface({ input: stdin, output, terminal: true, historySize: 0 });
  // Ctrl-C and Ctrl-D close it without an answer.
  const interruption = new Promise<never>((_, reject) => {
    readline.once('close', () => reject(new PromptInterruptedError()));
  });
  const text = `${styleMessage('bold', question)} `;
  if (isHidden) stderr.write(text);
  try {
    const answer = await Promise.race([readline.question(isHidden ? '' : text), interruption]);
    return isHidden ? answer : answer.trim();
  } finally {
    readline.close();
    if (isHidden) stderr.write('\n');
  }
}

/** Returns a stream for the echo of what a user types. */
function discard(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
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

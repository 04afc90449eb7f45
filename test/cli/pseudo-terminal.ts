import { spawn, spawnSync } from 'node:child_process';
import test from 'ava';
import { cleanEnvironment, program } from './run-cli';

const hasScript = spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false;

/** Declares a test of prompts, bars or colors. It needs the command `script` of util-linux. */
export const testAtTerminal = hasScript ? test.serial : test.serial.skip;

interface TerminalOutcome {
  readonly code: number | null;
  /** Everything that the terminal showed, with the echo of the answer. */
  readonly screen: string;
}

interface Answer {
  readonly question: string;
  readonly keys: string;
}

/** Runs the CLI at a pseudo-terminal. Types the keys when the screen shows the next question. */
export function runAtTerminal(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  ...answers: readonly Answer[]
): Promise<TerminalOutcome> {
  const open = [...answers];
  const command = [...program, ...args].map((part) => `'${part}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: cleanEnvironment(environment),
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    screen += text;
    if (open[0] && screen.includes(open[0].question)) {
      child.stdin.write(String(open.shift()?.keys));
    }
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, screen }));
  });
}

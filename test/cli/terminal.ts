import { spawn, spawnSync } from 'node:child_process';
import { cleanEnvironment, program } from './cli';

/** Whether this machine has util-linux's `script`, which makes a pseudo-terminal. */
export const hasTerminal = spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false;

interface Session {
  readonly code: number | null;
  /** All that the terminal showed, what was typed and echoed included. */
  readonly screen: string;
}

/** Runs the CLI at a pseudo-terminal, and types an answer once the screen shows what is waited for. */
export function runAtTerminal(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  answer?: { readonly to: string; readonly keys: string },
): Promise<Session> {
  const command = [...program, ...args].map((part) => `'${part}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: cleanEnvironment(environment),
  });
  let screen = '';
  let answered = false;
  child.stdout.setEncoding('utf8').on('data', (text) => {
    screen += text;
    if (answer && !answered && screen.includes(answer.to)) {
      answered = true;
      child.stdin.write(answer.keys);
    }
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, screen }));
  });
}

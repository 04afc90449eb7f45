import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Outcome {
  /** The exit code, or null if a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = join(__dirname, '../..');

/** The program and the first arguments of a command line that runs the CLI from src. */
export const program = [
  process.execPath,
  '--require',
  require.resolve('ts-node/register'),
  'src/cli/main.ts',
];

/** Starts the CLI without a terminal. Its environment has only what the test gives. */
export function startCli(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const [command = '', ...first] = program;
  return spawn(command, [...first, ...args], { cwd: root, env: cleanEnvironment(environment) });
}

/** Runs the CLI to its end. */
export function runCli(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const child = startCli(args, environment);
  child.stdin.end();
  return outcomeOf(child);
}

/** Waits for the end of a CLI that `startCli` started. */
export function outcomeOf(child: ReturnType<typeof startCli>): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child
      .on('error', reject)
      .on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

export function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, TERM: 'xterm', ...environment };
}

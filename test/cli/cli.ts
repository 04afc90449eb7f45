import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Outcome {
  /** The exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = join(__dirname, '../..');

/** The command line's own program and first arguments: the CLI as it stands in src. */
export const program = [
  process.execPath,
  '--require',
  require.resolve('ts-node/register'),
  'src/cli/main.ts',
];

/** Starts the CLI where no terminal is, with nothing in its environment that a test did not put there. */
export function startCli(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const [command = '', ...first] = program;
  return spawn(command, [...first, ...args], { cwd: root, env: cleanEnvironment(environment) });
}

export function runCli(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const child = startCli(args, environment);
  child.stdin.end();
  return outcomeOf(child);
}

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
    child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

export function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, TERM: 'xterm', ...environment };
}

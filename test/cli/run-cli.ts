import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runProgram } from '../../src/cli/program';
import type { ProcessContext } from '../../src/cli/support/process-context';
import { registerPath } from '../support/script';

export interface Outcome {
  /** The exit code, or null if a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = join(__dirname, '../..');

/** The program and the first arguments of a command line that runs the CLI from src. */
export const program = [process.execPath, '--require', registerPath, 'src/cli/main.ts'];

/** Starts the CLI without a terminal. Its environment has only what the test gives. */
export function startCli(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const [command = '', ...first] = program;
  return spawn(command, [...first, ...args], { cwd: root, env: cleanEnvironment(environment) });
}

/** Runs the CLI in this process, with private streams and variables. A new process is slow. */
export async function runCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const context: ProcessContext = { stdin, stdout, stderr, env, exitCode: undefined };
  const output = Promise.all([text(stdout), text(stderr)]);
  await runProgram(args, context);
  stdout.end();
  stderr.end();
  const [result, messages] = await output;
  return { code: Number(context.exitCode ?? 0), signal: null, stdout: result, stderr: messages };
}

/** Waits for the end of a CLI that `startCli` started. */
export async function outcomeOf(child: ReturnType<typeof startCli>): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout, stderr };
}

export function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, TERM: 'xterm', ...environment };
}

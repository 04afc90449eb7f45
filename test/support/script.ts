import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const root = join(__dirname, '../..');

/** The script that lets a new process load TypeScript. */
export const registerPath = join(__dirname, 'register.cjs');

export interface ScriptOptions {
  /** The arguments, from `process.argv[1]` on. */
  readonly args?: readonly string[];
  /** Variables to add to this process's environment. */
  readonly env?: Record<string, string>;
}

/** Starts a script in a new process. In it, `./src` is this package. */
export function startScript(
  script: string,
  { args = [], env = {} }: ScriptOptions = {},
): ChildProcessByStdio<null, Readable, null> {
  const parameters = ['--require', registerPath, '--eval', script, '--', ...args];
  return spawn(process.execPath, parameters, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Runs a script in a new process until it exits. */
export async function runScript(
  script: string,
  env: Record<string, string>,
): Promise<{ code: number; output: string }> {
  const child = startScript(script, { env });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { code, output };
}

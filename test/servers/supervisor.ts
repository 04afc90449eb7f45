import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { User } from './user';

/** A shell script that outlives this process just long enough to clean up. */
export interface Supervisor {
  /** What it has printed so far. */
  said(): string;
  /** Resolves with all that it printed, when it is done. */
  gone: Promise<string>;
  /** From here on it does not keep this process from exiting. */
  release(): void;
  /** Ends it, and resolves when it is done. */
  stop(): Promise<void>;
}

export interface Task {
  /** The script's file beside this one. */
  script: string;
  parameters: readonly string[];
  input?: string;
  env: NodeJS.ProcessEnv;
  user?: User | undefined;
}

/**
 * Starts a script whose descriptor 3 is a pipe from this process. Nothing is ever written to it: it ends when it
 * is closed here, or when this process ends in whatever way, and then the script cleans up.
 */
export function supervise({ script, parameters, input = '', env, user }: Task): Supervisor {
  // Passed as text, since the user that runs it may not be able to read this folder.
  const text = readFileSync(join(__dirname, script), 'utf8');
  const child = spawn('/bin/sh', ['-c', text, script, ...parameters], {
    cwd: '/',
    env,
    // A session of its own, or Ctrl+C would reach the script too, and end it before it can clean up.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    ...user,
  });

  let said = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (words: string) => {
      said += words;
    });
  }
  const gone = once(child, 'close').then(() => said);
  // A script that fails at once does not read its input; what it printed tells why.
  child.stdin.on('error', () => undefined).end(input);

  return {
    said: () => said,
    gone,
    release: () => {
      for (const handle of handles(child)) handle.unref();
    },
    stop: async () => {
      for (const handle of handles(child)) handle.ref();
      child.stdio[3]?.destroy();
      await gone;
    },
  };
}

function handles(child: ChildProcess): { ref(): void; unref(): void }[] {
  return [child, ...child.stdio.filter((stream) => stream instanceof Socket)];
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { User } from './system';

/** A shell script that ends with this process, after it has cleaned up. */
export interface Supervisor {
  /** Returns what the script has printed until now. */
  output(): string;
  /** Resolves with all output when the script has ended. */
  readonly ended: Promise<string>;
  /** Lets this process exit while the script runs. */
  unref(): void;
  /** Ends the script. Resolves when it has cleaned up. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  /** The script's file in this folder. */
  readonly script: string;
  readonly parameters: readonly string[];
  readonly input?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly user?: User | undefined;
}

/**
 * Starts a script whose descriptor 3 is a pipe from this process. The pipe closes when this process
 * stops the script or ends, even by SIGKILL. Then the script must clean up.
 */
export function startSupervisor(options: SupervisorOptions): Supervisor {
  const { script, parameters, input = '', env, user } = options;
  // The script is an argument because its user may not be allowed to read this folder.
  const text = readFileSync(join(__dirname, script), 'utf8');
  const child = spawn('/bin/sh', ['-c', text, script, ...parameters], {
    cwd: '/',
    env,
    // In the same session, Ctrl+C would end the script before it can clean up.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    ...user,
  });

  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(() => output);
  // A script that fails early does not read its input. Its output has the reason.
  child.stdin.on('error', () => undefined).end(input);

  return {
    output: () => output,
    ended,
    unref: () => {
      for (const handle of handlesOf(child)) handle.unref();
    },
    stop: async () => {
      for (const handle of handlesOf(child)) handle.ref();
      child.stdio[3]?.destroy();
      await ended;
    },
  };
}

function handlesOf(child: ChildProcess): { ref(): void; unref(): void }[] {
  return [child, ...child.stdio.filter((stream) => stream instanceof Socket)];
}

/**
 * Becomes the command and leaves a watcher. Descriptor 3 is a pipe from this process. A line in it
 * means that the command has ended. The end of file means that this process has ended, and then
 * the watcher ends the command.
 */
const watchedCommand = '{ read -r _ <&3 || kill -TERM $$; } & exec "$@" 3<&-';

export interface ForegroundResult {
  /** The exit code, or 128 and the number of the signal that interrupted the run. */
  readonly code: number;
  /** What it printed to stdout, if the caller asked to keep that. */
  readonly output: string;
}

/** Runs a command in the foreground. The command ends with this process, even by SIGKILL. */
export async function runForeground(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  { keepOutput = false }: { readonly keepOutput?: boolean } = {},
): Promise<ForegroundResult> {
  // This process passes a signal on, and ends after the command. It must listen before the start.
  let interruption: NodeJS.Signals | undefined;
  const forward = (signal: NodeJS.Signals) => {
    interruption = signal;
    child.kill(signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const child = spawn('/bin/sh', ['-c', watchedCommand, 'sh', ...command], {
    stdio: ['inherit', keepOutput ? 'pipe' : 'inherit', 'inherit', 'pipe'],
    env,
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  const closed = once(child, 'close');
  try {
    const [code, signal] = await once(child, 'exit');
    // The watcher holds the streams of the command until it learns of the end.
    const pipe = child.stdio[3];
    if (pipe instanceof Writable) pipe.end('\n');
    await closed;
    const cause: NodeJS.Signals | undefined = interruption ?? signal ?? undefined;
    return { code: cause ? 128 + constants.signals[cause] : (code ?? 1), output };
  } finally {
    process.off('SIGINT', forward).off('SIGTERM', forward);
  }
}

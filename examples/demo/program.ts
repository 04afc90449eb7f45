import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** A program of this repository that serves HTTP, and prints its URL when it does. */
export interface RunningProgram {
  readonly url: string;
  /** What it has printed so far. */
  output(): string;
  /** Resolves with the exit code when the program has ended; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Tells it to end, and resolves with its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a TypeScript file, and resolves when it has printed its URL. The environment is added to this one. */
export async function startProgram(
  file: string,
  env: NodeJS.ProcessEnv,
  parameters: readonly string[] = [],
): Promise<RunningProgram> {
  const preloaded = ['ts-node/register', join(__dirname, 'end-with-parent.ts')];
  const options = preloaded.flatMap((module) => ['--require', module]);
  const child = spawn(process.execPath, [...options, join(root, file), ...parameters], {
    // Where ts-node looks for its settings.
    cwd: root,
    // Out of reach of the terminal's Ctrl-C: when to end it is for this process to say.
    detached: true,
    env: { ...process.env, TS_NODE_PROJECT: join(root, 'examples/tsconfig.json'), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const closed = once(child, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  const ended = closed.then(([code]) => code);

  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const [found] = /http:\/\/[\d.]+:\d+/.exec(output) ?? [];
        if (found) {
          resolve(found);
        }
      });
    }
    closed.then(
      ([code, signal]) => reject(new Error(`${file} ended with ${code ?? signal}:\n${output}`)),
      reject,
    );
  });
  return {
    url,
    ended,
    output: () => output,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

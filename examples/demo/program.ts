import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '../..');

/** A program of this repository that serves HTTP. It prints its URL when it is ready. */
export interface RunningProgram {
  readonly url: string;
  /** Returns the text that the program has printed. */
  output(): string;
  /** Resolves with the exit code when the program ends; null if a signal killed it. */
  readonly ended: Promise<number | null>;
  /** Sends a signal, SIGTERM by default, and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Runs a TypeScript file in a process, and resolves when it has printed its URL. The program ends
 * when this process ends.
 *
 * @param file relative to the repository's root
 * @param env added to the environment of this process
 */
export async function startProgram(
  file: string,
  env: NodeJS.ProcessEnv,
  parameters: readonly string[] = [],
): Promise<RunningProgram> {
  const nodeOptions = ['--require', 'ts-node/register'];
  const entry = [__filename, join(root, file)];
  const child = spawn(process.execPath, [...nodeOptions, ...entry, ...parameters], {
    // ts-node reads its settings here.
    cwd: root,
    // Ctrl-C in a terminal must not reach the program: this process decides when to end it.
    detached: true,
    env: {
      ...process.env,
      TS_NODE_PROJECT: join(root, 'examples/tsconfig.json'),
      // Processes that write ts-node's cache at once can damage it. The next one then crashes.
      DISABLE_V8_COMPILE_CACHE: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
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

/** The example application in a process. A restart keeps its URL and its secret. */
export class Application {
  private constructor(
    private readonly env: NodeJS.ProcessEnv,
    private program: RunningProgram,
  ) {}

  /** @param databaseUrl the URL of the application's account */
  static async start(databaseUrl: string): Promise<Application> {
    const env = {
      MYSQL_URL: databaseUrl,
      SESSION_SECRET: randomBytes(16).toString('hex'),
      // The default is a minute, too long to watch.
      CLEANUP_INTERVAL_MS: '1000',
    };
    return new Application(env, await startApplication(env, '0'));
  }

  get url(): string {
    return this.program.url;
  }

  get ended(): Promise<number | null> {
    return this.program.ended;
  }

  /** Resolves with the exit code of the first process. */
  async restart(): Promise<number | null> {
    const { port } = new URL(this.url);
    const code = await this.stop();
    this.program = await startApplication(this.env, port);
    return code;
  }

  stop(): Promise<number | null> {
    return this.program.stop();
  }
}

function startApplication(env: NodeJS.ProcessEnv, port: string): Promise<RunningProgram> {
  return startProgram('examples/app/main.ts', { ...env, PORT: port });
}

/** A shell command that ends with this process, even if this process is killed. */
export interface GuardedCommand {
  hasEnded(): boolean;
  /** Rejects with the last lines of the output when the command ends. */
  readonly ended: Promise<never>;
  /** Kills the command, and resolves after the cleanup. */
  stop(): Promise<void>;
}

interface GuardedCommandOptions {
  readonly command: string;
  /** A shell command that runs after the end. */
  readonly cleanup: string;
  readonly env: NodeJS.ProcessEnv;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** Starts a shell command, and a second shell that waits for the end of this process. */
export function startGuarded(options: GuardedCommandOptions): GuardedCommand {
  const { command, cleanup, env, user } = options;
  // `detached` makes a process group: Ctrl-C does not reach it, and one `kill` ends all of it.
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: '/',
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let hasEnded = false;
  const ended = once(child, 'close')
    .finally(() => {
      hasEnded = true;
    })
    .then(() => {
      throw new Error(lastLines(output) || 'it ended');
    });
  // Without this, an end that no caller waits for would be an unhandled rejection.
  ended.catch(() => undefined);

  // The input of this shell ends with `stop`, or with this process.
  const script = `read -r line; kill -s KILL -- "-$1"; ${cleanup}`;
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(child.pid)], {
    cwd: '/',
    detached: true,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const cleaned = once(guard, 'close');
  return {
    hasEnded: () => hasEnded,
    ended,
    stop: async () => {
      guard.stdin.end();
      await cleaned;
    },
  };
}

/** Runs a command, and returns its output. */
export async function run(
  command: readonly string[],
  { env = process.env, timeout = 0 }: { env?: NodeJS.ProcessEnv; timeout?: number } = {},
): Promise<{ stdout: string; stderr: string }> {
  const [file = '', ...parameters] = command;
  try {
    return await promisify(execFile)(file, parameters, { env, timeout });
  } catch (error) {
    const { code, stderr, message } = Object(error);
    const reason = code === 'ENOENT' ? 'it is not installed' : String(stderr || message).trim();
    throw new Error(`${command.join(' ')} failed: ${reason}`);
  }
}

/** Quotes words for a shell. */
export function shellText(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join('\n');
}

// startProgram runs this file as the entry point of the child process.
if (require.main === module) {
  // The channel to the parent closes even if the parent is killed.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
  // The program sees the arguments that it has when it runs by itself.
  process.argv.splice(1, 1);
  require(String(process.argv[1]));
}

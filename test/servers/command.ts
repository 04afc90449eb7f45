import { type ExecFileException, execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { User } from './user';

export interface Surroundings {
  user?: User | undefined;
  env?: NodeJS.ProcessEnv;
  folder?: string;
  /** Milliseconds until the command is killed. */
  timeout?: number;
}

/** Runs a command and gives what it printed, or throws what it complained of. */
export async function run(command: readonly string[], surroundings: Surroundings = {}): Promise<string> {
  const [file = '', ...parameters] = command;
  try {
    const { stdout } = await promisify(execFile)(file, parameters, {
      // The folder that the caller stands in may be closed to another user.
      cwd: surroundings.folder ?? '/',
      env: surroundings.env ?? process.env,
      maxBuffer: 64 * 1024 * 1024,
      timeout: surroundings.timeout ?? 0,
      ...surroundings.user,
    });
    return stdout;
  } catch (error) {
    throw new Error(`${file}: ${complaint(error)}`, { cause: error });
  }
}

/** The last lines of what a failed command printed, which is where the reason stands. */
function complaint(error: unknown): string {
  const { code, stderr, stdout, message } = error as Partial<ExecFileException>;
  if (code === 'ENOENT') return 'not found';
  const printed = stderr?.trim() || stdout?.trim() || message || String(error);
  return printed.split('\n').slice(-5).join('\n');
}

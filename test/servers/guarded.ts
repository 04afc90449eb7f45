import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Writable } from 'node:stream';

/**
 * Becomes the command, and leaves a watcher behind. Descriptor 3 is a pipe from this process: its end of file,
 * which comes even when this process is killed, ends the command; a line before that says that it has ended.
 */
const script = '{ read -r _ <&3 || kill -TERM $$; } & exec "$@" 3<&-';

/**
 * Runs a command in the foreground, no longer than this process lives, and resolves with its exit code: as in a
 * shell, one over 128 if a signal ended it, whatever the command makes of the signal.
 */
export async function runGuarded(command: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  // Whoever interrupts this process means the command, and this process goes on when it has ended. It listens
  // before the command runs: by then nobody's signal may find it deaf.
  let interruption: NodeJS.Signals | undefined;
  const pass = (signal: NodeJS.Signals) => {
    interruption = signal;
    child.kill(signal);
  };
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...command], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env,
  });
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject).on('exit', (code, ending) => {
        const signal = interruption ?? ending;
        resolve(signal ? 128 + constants.signals[signal] : (code ?? 1));
      });
    });
  } finally {
    process.off('SIGINT', pass).off('SIGTERM', pass);
    const pipe = child.stdio[3];
    if (pipe instanceof Writable) pipe.end('\n');
  }
}

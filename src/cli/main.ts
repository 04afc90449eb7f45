#!/usr/bin/env node
import { runProgram } from './program';

/** Lets a reader such as `head` close its end early. That is no failure. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') {
        throw error;
      }
    });
  }
}

/** Ends by the signal itself after a message. The calling shell sees the signal. */
function endOnInterrupt(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // A progress bar restores the terminal on the signal too, after this listener.
      setImmediate(() => {
        process.stderr.write(
          '\nInterrupted. Completed steps are kept. Run the command again to continue.\n',
        );
        process.kill(process.pid, signal);
      });
    });
  }
}

ignoreClosedPipes();
endOnInterrupt();
void runProgram(process.argv.slice(2), process);

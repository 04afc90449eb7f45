/** A reader such as `head` may leave when it has seen enough; that is no failure. */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') {
        throw error;
      }
    });
  }
}

/**
 * Ends with a word when interrupted, and then by the signal itself, so that a calling shell sees that.
 * The server ends what it has begun, and everything else can be run again.
 */
export function endOnInterrupt(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      // A bar gives the terminal back when it hears of the signal, which it does after this.
      setImmediate(() => {
        process.stderr.write('\nInterrupted. What was done stays done; run the command again to go on.\n');
        process.kill(process.pid, signal);
      });
    });
  }
}

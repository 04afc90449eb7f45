import { report } from './report';

/** What a {@link Cleanup} is to do, and when. */
export interface CleanupOptions {
  /** Milliseconds between two runs. */
  readonly interval: number;
  /** One run. It stops between two batches when `goOn` says no. */
  readonly run: (goOn: () => boolean) => Promise<unknown>;
  /** Called with what a run failed with. */
  readonly onError: (error: unknown) => void;
}

/** The longest time that a timer of Node.js takes. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
export const longestTimeout = 2_147_483_647;

/** Repeats a cleanup, without ever keeping the process alive for it. */
export class Cleanup {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: CleanupOptions) {
    // Anywhere within the first interval: processes that start together don't clean up together.
    this.#schedule(options.interval * Math.random());
  }

  /** Resolves when the run under way, if any, has come to the end of its batch. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(delay: number): void {
    this.#timer = setTimeout(
      () => {
        this.#running = this.#run();
      },
      Math.min(delay, longestTimeout),
    ).unref();
  }

  async #run(): Promise<void> {
    const { interval, run, onError } = this.options;
    // A backlog is worked off in several runs: in between, a process that has nothing else to do can exit.
    const end = Date.now() + interval;
    try {
      await run(() => !this.#stopped && Date.now() < end);
    } catch (error) {
      report(error, onError, 'onDbCleanupError');
    } finally {
      if (!this.#stopped) {
        this.#schedule(interval * (0.9 + 0.2 * Math.random()));
      }
    }
  }
}

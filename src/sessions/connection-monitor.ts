import { clearTimeout, setTimeout } from '../util/timers';
import type { SessionEvents } from './session-events';

interface MonitorOptions {
  /** Milliseconds between two pings. */
  readonly interval: number;
  /** Returns whether the server takes writes. Rejects if it does not answer. */
  readonly ping: () => Promise<boolean>;
  readonly events: Pick<SessionEvents<object>, 'emitConnection'>;
}

/**
 * Emits `disconnect` when the database stops answering or taking writes, and `connect` when it
 * begins again. Its timer does not keep the process alive.
 */
export class ConnectionMonitor {
  #timer: NodeJS.Timeout | undefined;
  #isConnected = true;
  #isStopped = false;

  constructor(private readonly options: MonitorOptions) {
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#check(), this.options.interval).unref();
  }

  async #check(): Promise<void> {
    const { ping, events } = this.options;
    const isConnected = await ping().catch(() => false);
    if (this.#isStopped) return;
    if (isConnected !== this.#isConnected) {
      this.#isConnected = isConnected;
      events.emitConnection(isConnected);
    }
    this.#schedule();
  }
}

import type { EventEmitter } from 'node:events';
import { nextTick } from '../util/timers';

/**
 * Why the store deleted a session: `destroy` or `destroyStored` was called, its lifetime was over,
 * or `limitBy` ended it.
 */
export type DestroyReason = 'destroy' | 'expired' | 'limit';

/** The events of a store, with the arguments that a listener gets. */
export interface StoreEvents<Session> {
  /** A session was created, or replaced by an object that was not loaded. */
  readonly created: [sid: string, session: Session];
  /** The changes of a loaded session were saved. */
  readonly updated: [sid: string, session: Session];
  /** A session was prolonged. The session is undefined after a touch by id. */
  readonly touched: [sid: string, session: Session | undefined];
  /** A session was deleted. After `destroyStored` and `limitBy`, the id is the stored one. */
  readonly destroyed: [sid: string, reason: DestroyReason];
  /** A save or touch did not find its session. The session is undefined after a touch by id. */
  readonly lost: [sid: string, session: Session | undefined];
  /** The database answers again: see the option `pingInterval`. */
  readonly connect: [];
  /** The database does not answer, or takes no writes: see the option `pingInterval`. */
  readonly disconnect: [];
}

/** Emits the events of a store. */
export class SessionEvents<Session> {
  /** @param emitter the store */
  constructor(private readonly emitter: Pick<EventEmitter, 'emit' | 'listenerCount'>) {}

  /** Runs the listeners later: their error must not fail the call. Costs little without any. */
  emit<Name extends keyof StoreEvents<Session>>(name: Name, ...args: StoreEvents<Session>[Name]) {
    if (this.emitter.listenerCount(name) > 0) {
      nextTick(() => this.emitter.emit(name, ...args));
    }
  }
}

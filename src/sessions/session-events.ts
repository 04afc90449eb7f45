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

/** What the table has of a session. */
interface Saved {
  readonly text: string | undefined;
  readonly expiresAt: number;
}

/**
 * Emits the events of a store. The functions that a save runs are empty until someone listens to
 * an event of a session.
 */
export class SessionEvents<Session> {
  emit: <Name extends keyof StoreEvents<Session>>(
    name: Name,
    ...args: StoreEvents<Session>[Name]
  ) => void = ignore;

  /** Emits `updated` or `touched` for a save, or nothing if it wrote nothing. */
  emitSaved: (
    sid: string,
    session: Session | undefined,
    before: Saved | undefined,
    after: Saved,
  ) => void = ignore;

  /** @param emitter the store */
  constructor(private readonly emitter: EventEmitter) {
    emitter.on('newListener', (name) => {
      // express-session always listens to these two.
      if (name !== 'connect' && name !== 'disconnect') this.listen();
    });
  }

  /** Emits from now on. Needed if listeners can come unseen. */
  listen(): void {
    this.emit = this.#emit;
    this.emitSaved = (sid, session, before, after) => {
      if (before?.text !== after.text) this.#emit('updated', sid, session as Session);
      else if (before?.expiresAt !== after.expiresAt) this.#emit('touched', sid, session);
    };
  }

  /** Emits whether the database answers. */
  emitConnection(isConnected: boolean): void {
    this.#emit(isConnected ? 'connect' : 'disconnect');
  }

  /** Runs the listeners later: their error must not fail the call. */
  readonly #emit: typeof this.emit = (name, ...args) => {
    nextTick(() => this.emitter.emit(name, ...args));
  };
}

function ignore(): void {}

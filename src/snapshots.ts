import { LRUCache } from 'lru-cache';
import type { StoredId } from './stored-ids';

/** What this process knows of a session since it read or wrote it. Times are those of `performance.now()`. */
export interface Snapshot {
  /** By which the application calls it. */
  readonly sid: string;
  readonly storedId: StoredId;
  /** All of its data, as text, which is never encrypted here. */
  readonly text: string;
  /** Keys of it that the application never saw, as the framework has other uses for their names. */
  readonly hidden?: readonly string[];
  /** When its row expires, or a little earlier. */
  readonly endsAt: number;
  /** When it was created, or a little earlier. */
  readonly bornAt: number;
}

/** The bounds of what is remembered by id. */
const mostIds = 10_000;
const mostCharacters = 16 * 1024 * 1024;

/**
 * The latest snapshot of each session, by the object that the application has in hand, for as long as it has it;
 * and by id, in bounded memory, for frameworks that hand back another object than the one they were given.
 */
export class Snapshots {
  readonly #byObject = new WeakMap<object, Snapshot>();
  readonly #byId = new LRUCache<string, Snapshot>({
    max: mostIds,
    maxSize: mostCharacters,
    sizeCalculation: ({ text }) => text.length + 1,
  });

  /** An object that is saved under another id than its own stands for no session that there was. */
  of(sid: string, session: object): Snapshot | undefined {
    const snapshot = this.#byObject.get(session);
    return snapshot?.sid === sid ? snapshot : undefined;
  }

  ofId(sid: string): Snapshot | undefined {
    return this.#byId.get(sid);
  }

  put(session: object, snapshot: Snapshot): void {
    this.#byObject.set(session, snapshot);
    this.#byId.set(snapshot.sid, snapshot);
  }

  /** Knows a session by the object alone, as one of many that were read at once. */
  putObject(session: object, snapshot: Snapshot): void {
    this.#byObject.set(session, snapshot);
  }

  /** Knows a session by another object too: the one that a framework made of it. */
  follow(session: object, copy: object): void {
    const snapshot = this.#byObject.get(session);
    if (snapshot) {
      const isHidden = (key: string) => !Object.prototype.propertyIsEnumerable.call(copy, key);
      this.#byObject.set(copy, { ...snapshot, hidden: Object.keys(session).filter(isHidden) });
    }
  }

  /** Forgets what the id's session was, as there is none. */
  forget(sid: string): void {
    this.#byId.delete(sid);
  }
}

import { createLRU } from 'lru.min';
import type { StoredId } from './session-id';

/**
 * What this process remembers of a session that it read or wrote. Times are those of
 * `performance.now()`, and may be a little too early.
 */
export interface Snapshot {
  /** The application's id of the session. */
  readonly sid: string;
  readonly storedId: StoredId;
  /** The data as text. It is not encrypted. */
  readonly text: string;
  /** Keys that the framework hides from the application, because it has the same names. */
  readonly hiddenKeys?: readonly string[];
  /** When the row expires. */
  readonly expiresAt: number;
  readonly createdAt: number;
}

const maxIds = 10_000;
const maxCharacters = 16 * 1024 * 1024;

/**
 * The latest snapshot of each session, by the application's object of the session. An object keeps
 * its snapshot as long as it lives. Some frameworks save another object than the one they loaded.
 * For these alone, a bounded cache has the latest snapshots by id.
 */
export class SnapshotCache {
  readonly #byObject = new WeakMap<object, Snapshot>();
  readonly #byId;
  /** The characters of all texts in the cache by id. */
  #characters = 0;

  constructor(remembersIds: boolean) {
    // A snapshot that is replaced or deleted counts as evicted, too.
    const onEviction = (_sid: string, { text }: Snapshot) => {
      this.#characters -= text.length;
    };
    this.#byId = remembersIds
      ? createLRU<string, Snapshot>({ max: maxIds, onEviction })
      : undefined;
  }

  /** Returns the object's snapshot, but only for the id under which the object was loaded. */
  get(sid: string, sessionObject: object): Snapshot | undefined {
    const snapshot = this.#byObject.get(sessionObject);
    return snapshot?.sid === sid ? snapshot : undefined;
  }

  getById(sid: string): Snapshot | undefined {
    return this.#byId?.get(sid);
  }

  set(sessionObject: object, snapshot: Snapshot): void {
    this.#byObject.set(sessionObject, snapshot);
    this.#rememberById(snapshot);
  }

  #rememberById(snapshot: Snapshot): void {
    const { sid, text } = snapshot;
    if (text.length > maxCharacters) {
      // It would push out all others, and then itself.
      this.deleteById(sid);
    } else if (this.#byId) {
      this.#byId.set(sid, snapshot);
      this.#characters += text.length;
      while (this.#characters > maxCharacters) this.#byId.evict(1);
    }
  }

  /** Sets the object's snapshot, and leaves the id's snapshot alone. */
  setForObject(sessionObject: object, snapshot: Snapshot): void {
    this.#byObject.set(sessionObject, snapshot);
  }

  /** Gives the object that a framework made from a session the session's snapshot. */
  alias(sessionObject: object, copy: object): void {
    const snapshot = this.#byObject.get(sessionObject);
    if (snapshot) {
      const isHidden = (key: string) => !Object.prototype.propertyIsEnumerable.call(copy, key);
      const hiddenKeys = Object.keys(sessionObject).filter(isHidden);
      this.#byObject.set(copy, { ...snapshot, hiddenKeys });
    }
  }

  deleteById(sid: string): void {
    this.#byId?.delete(sid);
  }
}

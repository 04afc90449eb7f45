import type { Store } from 'express-session';
import type { Server, ServerKind } from '../servers';

/** Where a contender keeps its sessions: plain values, as they go from process to process. */
export interface Place {
  /** As the application connects; empty where there is nothing to connect to. */
  readonly url: string;
  /** The same as an administrator. */
  readonly adminUrl: string;
}

/** A store that is open, in the process that drives it. */
export interface OpenStore {
  readonly store: Store;
  /** Lets a minute and a half pass for every session; not there where each touch writes, however soon it comes. */
  readonly age?: () => Promise<unknown>;
  /** The store's own cleanup of expired sessions; not there where it has none. */
  readonly cleanUp?: () => Promise<unknown>;
}

/** What a row is made of, as SQL. */
interface Values {
  /** The session's id, an expression of `n`. */
  readonly id: string;
  /** In how many seconds it ends, an expression of `n`. */
  readonly seconds: string;
  /** A placeholder for its JSON text. */
  readonly data: string;
}

/** The table of a store, for what is done to it behind the store's back. */
export interface Table {
  readonly name: string;
  /**
   * A statement that fills in a session for each `n` of a query, or moves the end of one that is there.
   *
   * @param numbers the query
   */
  readonly fill: (numbers: string, values: Values) => string;
  /** A condition that is met by expired sessions. */
  readonly expired: string;
}

export interface Contender {
  readonly name: string;
  /** The packages whose versions it stands for. */
  readonly packages: readonly string[];
  /** Where its sessions go; undefined for its own process. */
  readonly server?: ServerKind;
  readonly table?: Table;
  /** Makes an empty place under a name of the caller's, as an administrator. */
  readonly prepare: (server: Server | undefined, name: string) => Promise<Place>;
  /** @param cleansUp whether the store cleans up by itself, as it does by default */
  readonly open: (place: Place, cleansUp: boolean) => Promise<OpenStore>;
}

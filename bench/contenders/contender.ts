import type { Store } from 'express-session';
import type { ServerKind } from '../servers';

/** A database of one contender. It crosses processes, so it has plain values only. */
export interface Database {
  /** The URL that the application connects to. Empty for a store without a server. */
  readonly url: string;
  /** The same database for a DBA. */
  readonly adminUrl: string;
}

export interface OpenStore {
  readonly store: Store;
  /** Ages every session by 90 seconds. Missing if the store writes on every touch. */
  readonly age?: () => Promise<void>;
  /** Runs the store's own cleanup. Missing if it has no cleanup. */
  readonly cleanUp?: () => Promise<unknown>;
}

/** The table of a store, for statements that bypass the store. */
export interface Table {
  readonly name: string;
  /** Returns an upsert of a query with `sid`, `text` and `seconds` until the session expires. */
  readonly fill: (rows: string) => string;
  /** The condition that expired sessions meet. */
  readonly expired: string;
}

export interface Contender {
  readonly name: string;
  /** The packages whose versions the report lists. */
  readonly packages: readonly string[];
  /** Undefined for a store that keeps sessions in its process. */
  readonly server?: ServerKind;
  readonly table?: Table;
  /** Creates an empty database of this name. */
  readonly prepare: (serverUrl: string, name: string) => Promise<Database>;
  /** @param cleansUp whether the store runs its cleanup on a timer, as it does by default */
  readonly open: (database: Database, cleansUp: boolean) => Promise<OpenStore>;
}

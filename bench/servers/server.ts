import type { Flavor } from '../../test/servers';

/** `counterpart` is, of MariaDB and MySQL, the one that `mysql` is not. */
export type ServerKind = 'mysql' | 'counterpart' | 'redis' | 'postgresql';

/** A server that runs, and nobody else is at. */
export interface Server {
  readonly kind: ServerKind;
  /** Its name and version, for people. */
  readonly title: string;
  /** Which of the two it is, where it is MariaDB or MySQL. */
  readonly flavor?: Flavor;
  /** An administrator's URL, with no database in its path. */
  readonly url: string;
  /** Its process; undefined where that is not one of this machine's. */
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
}

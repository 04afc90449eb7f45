/** A database server that tests and the demo may do with as they like. */
export interface Server {
  flavor: Flavor;
  /** An administrator's URL, with no database in its path. */
  url: string;
  /**
   * The command of the flavor's own client, to which arguments such as --host are appended. Undefined when this
   * machine has none.
   */
  client: readonly string[] | undefined;
  /** One phrase for people: where the server came from. */
  origin: string;
  /** Resolves when nothing of the server is left; does nothing to a server that was only borrowed. */
  stop(): Promise<void>;
}

export type Flavor = 'mariadb' | 'mysql';

/** MariaDB is recognised by its name in the version, with which MySQL never answers. */
export function flavorOf(version: string): Flavor {
  return /mariadb/i.test(version) ? 'mariadb' : 'mysql';
}

/** The release series, such as 10.11, in what a server program prints for `--version`. */
export function seriesOf(version: string): string {
  return /Ver (\d+\.\d+)/.exec(version)?.[1] ?? '0';
}

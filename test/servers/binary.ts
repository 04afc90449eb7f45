import type { Flavor } from './server';

/** A server program on this machine, and how to run it. */
export interface Binary {
  flavor: Flavor;
  /** What `--version` prints. */
  version: string;
  /** The command and what must stand before its flags: a loader of its own, or `env` with a library path. */
  command: readonly string[];
  /** The command that fills a data directory, if it is another one than the server itself. */
  installer: readonly string[];
  /** The command of its own client, if that is here too. */
  client: readonly string[] | undefined;
  /** Flags that it needs to find its own files, when these are not where it was built to look. */
  layout: readonly string[];
  /** One phrase for people. */
  origin: string;
}

import type { Flavor } from './server';

/** A server of one kind and one release series, wherever it comes from. */
export interface Kind {
  flavor: Flavor;
  /** The series, as in the version and in the tag of the image. */
  series: string;
  /** The suite of Debian that has it. */
  suite: string;
}

/** The servers that are asked for by name: the oldest and the newest that can be had at hand, of each flavor. */
const kinds = {
  'mariadb-10.11': { flavor: 'mariadb', series: '10.11', suite: 'bookworm' },
  'mariadb-11.8': { flavor: 'mariadb', series: '11.8', suite: 'trixie' },
  'mysql-9.7': { flavor: 'mysql', series: '9.7', suite: 'sid' },
} as const satisfies Record<string, Kind>;

export type ServerName = keyof typeof kinds;

export const serverNames = Object.keys(kinds) as ServerName[];

export function kindOf(name: ServerName): Kind {
  return kinds[name];
}

/** The name of a server that someone typed. */
export function serverName(typed: string): ServerName {
  const name = serverNames.find((known) => known === typed);
  if (!name) throw new Error(`No server is called '${typed}'. There are ${serverNames.join(', ')}.`);
  return name;
}

/** For people: `MySQL 9.7`. */
export function titleOf({ flavor, series }: Kind): string {
  return `${flavor === 'mysql' ? 'MySQL' : 'MariaDB'} ${series}`;
}

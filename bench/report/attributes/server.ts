/** A server's name and series, for tables: `MariaDB 10.11`. */
export function shortTitle(title: string): string {
  return /^\w+ \d+\.\d+/.exec(title)?.[0] ?? title;
}

/** The oldest releases that have all that the SQL of this package uses: see docs/servers.md. */
const oldest = { MariaDB: [10, 6, 0], MySQL: [8, 0, 14] } as const;

/**
 * Returns why a server is too old, given its `VERSION()`; `undefined` if it is not. A part of the
 * version that is no number passes: Aurora has `8.0.mysql_aurora.3.05`.
 */
export function explainTooOld(version: string): string | undefined {
  // Only MariaDB has its name there.
  const name = /mariadb/i.test(version) ? 'MariaDB' : 'MySQL';
  const found = version.split(/[.-]/).map(Number);
  const at = oldest[name].findIndex((number, index) => number !== found[index]);
  const isOlder = (found[at] ?? Number.NaN) < (oldest[name][at] ?? 0);
  return isOlder
    ? `The server is ${name} ${version}, and this package needs ${name} ${oldest[name].join('.')} ` +
        'or later. Upgrade the server'
    : undefined;
}

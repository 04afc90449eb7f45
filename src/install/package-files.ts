import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const packageRoot = join(__dirname, '../..');

/** The folders with SQL, as paths from the package's root. */
const folders = [
  'sql/tables',
  'sql/routines',
  'sql/events',
  'sql/attributes',
  'sql/privileges',
  'sql/verify',
  'sql/includes',
  'migrations',
];

/** The files of the package that the installer needs. */
export interface PackageFiles {
  readonly version: string;
  /** The text of each SQL file by its path, such as `sql/routines/sess_get.sql`. */
  readonly sql: Readonly<Record<string, string>>;
}

/**
 * Reads the files. The build replaces this module by one that contains their texts, because a
 * bundler leaves the files behind: see embed-files.ts.
 */
export function readPackageFiles(): PackageFiles {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(packageRoot, folder))
      .filter((file) => file.endsWith('.sql'))
      .map((file) => `${folder}/${file}`),
  );
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  return {
    version: String(Reflect.get(Object(manifest), 'version')),
    sql: Object.fromEntries(
      paths.map((path) => [path, readFileSync(join(packageRoot, path), 'utf8')]),
    ),
  };
}

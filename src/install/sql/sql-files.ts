import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cleanupBatchSize,
  cleanupRestFactor,
  contractVersion,
  maxMergeCost,
  routineNames,
  withPrefix,
} from '../../contract';
import { quoteIdentifier } from '../../util/identifiers';
import type { InstallConfig } from '../install-config';
import { definerAccount, quoteAccount } from './account';
import { logComment, markerOf } from './names';
import {
  expandIncludes,
  fillPlaceholders,
  type SqlTemplate,
  type TemplateValues,
} from './template';

const packageRoot = join(__dirname, '../../..');
const folders = ['tables', 'routines', 'events', 'attributes', 'privileges', 'verify'];

let loaded: ReadonlyMap<string, SqlTemplate> | undefined;

/** Reads a file of `sql/`, given as `routines/sess_get`, or a file of `migrations/`. */
export function readSqlFile(path: string): SqlTemplate {
  loaded ??= loadAll();
  const file = loaded.get(path);
  if (file === undefined) {
    throw new Error(
      `The package has no SQL file ${path}. Reinstall it: npm install knex-mysql-session`,
    );
  }
  return file;
}

/** Reads the files of a folder of `sql/`, or of `migrations`, ordered by name. */
export function readSqlFolder(folder: string): SqlTemplate[] {
  return filesOf(folder).map((name) => readSqlFile(`${folder}/${name}`));
}

/**
 * Renders a file for an installation: with its names, and with `extra` values.
 *
 * @returns the SQL, and the comment that explains it to the reader of a plan
 * @throws {Error} if a placeholder has no value
 */
export function render(
  { comment, body }: SqlTemplate,
  config: InstallConfig,
  extra: TemplateValues = {},
): { comment: string; sql: string } {
  const values = { ...valuesOf(config), ...extra };
  return { comment: fillPlaceholders(comment, values), sql: fillPlaceholders(body, values) };
}

function valuesOf(config: InstallConfig): TemplateValues {
  const { names, currentDefiner } = config;
  const routines = routineNames.map((name): [string, string] => [
    name,
    quoteIdentifier(withPrefix(names.prefix, name)),
  ]);
  return {
    ...Object.fromEntries(routines),
    table: quoteIdentifier(names.table),
    sid: quoteIdentifier(names.sidColumn),
    index: quoteIdentifier(names.index),
    log: quoteIdentifier(names.migrationLog),
    marker: markerOf(names),
    log_comment: logComment,
    definer: currentDefiner ? 'CURRENT_USER' : quoteAccount(definerAccount(config)),
    contract: String(contractVersion),
    batch_size: String(cleanupBatchSize),
    rest_factor: String(cleanupRestFactor),
    max_merge_cost: String(maxMergeCost),
    // A DATETIME ends with the year 9999, and so does the longest lifetime.
    max_ttl_ms: "TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), '9999-12-31 23:59:59') * 1000",
  };
}

function loadAll(): Map<string, SqlTemplate> {
  const files = [...folders, 'migrations'].flatMap((folder) =>
    filesOf(folder).map((name): [string, string] => [`${folder}/${name}`, readText(folder, name)]),
  );
  const includes = filesOf('includes').map((name): [string, string] => [
    name,
    readText('includes', name),
  ]);
  return expandIncludes(new Map(files), new Map(includes));
}

function filesOf(folder: string): string[] {
  return readdirSync(pathOf(folder))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.replace(/\.sql$/, ''))
    .sort();
}

function readText(folder: string, name: string): string {
  return readFileSync(join(pathOf(folder), `${name}.sql`), 'utf8');
}

function pathOf(folder: string): string {
  return folder === 'migrations' ? join(packageRoot, folder) : join(packageRoot, 'sql', folder);
}

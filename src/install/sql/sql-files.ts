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
import { readPackageFiles } from '../package-files';
import { definerAccount, quoteAccount } from './account';
import { logComment, markerOf } from './names';
import {
  expandIncludes,
  fillPlaceholders,
  type SqlTemplate,
  type TemplateValues,
} from './template';

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
  loaded ??= loadAll();
  return [...loaded].filter(([path]) => path.startsWith(`${folder}/`)).map(([, file]) => file);
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
  const texts = Object.entries(readPackageFiles().sql)
    .map(([path, text]): [string, string] => [path.replace(/^sql\/|\.sql$/g, ''), text])
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const isInclude = ([path]: readonly [string, string]) => path.startsWith('includes/');
  const includes = texts
    .filter(isInclude)
    .map(([path, text]): [string, string] => [path.slice('includes/'.length), text]);
  return expandIncludes(new Map(texts.filter((file) => !isInclude(file))), new Map(includes));
}

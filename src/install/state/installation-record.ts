import type { Attribute } from '../attributes/attribute';
import type { InstallConfig } from '../install-config';
import { formatList } from '../sql/log-statements';
import type { LogFacts, MigrationLog } from './migration-log';

/** The choices of an installation that later runs keep, apart from its names. */
export interface InstallationRecord {
  /** The user name of the definer; `undefined` if the routines run as who installs. */
  readonly definer: string | undefined;
  /** Seconds between two runs of the event; `undefined` for no event. */
  readonly every: number | undefined;
  readonly attributes: readonly Attribute[];
}

/** Returns what the log records of the choices of an installation. */
export function recordFacts(
  { database, names, definer, currentDefiner }: InstallConfig,
  every: number | undefined,
  attributes: readonly Attribute[],
): LogFacts {
  return {
    kind: 'installation',
    name: names.table,
    details: {
      database,
      table: names.table,
      prefix: names.prefix,
      sid_column: names.sidColumn,
      ...(currentDefiner ? {} : { definer }),
      ...(every === undefined ? {} : { every }),
      attributes: formatList(attributes.map(({ name, path, type }) => ({ name, path, type }))),
    },
  };
}

/** Returns the recorded choices; `undefined` if nothing is recorded. */
export function findRecord(log: MigrationLog): InstallationRecord | undefined {
  const entry = log?.findLast(({ kind }) => kind === 'installation');
  if (entry === undefined) {
    return undefined;
  }
  const { definer, every, attributes } = entry.details;
  return {
    definer: typeof definer === 'string' ? definer : undefined,
    every: typeof every === 'number' ? every : undefined,
    attributes: Array.isArray(attributes) ? attributes.flatMap(parseAttributeEntry) : [],
  };
}

/**
 * Returns the database that the log was copied from, as by a dump under another name; `undefined`
 * if the log was made here. Some servers keep the name in lower case, so letter case is no
 * difference.
 */
export function findCopiedFrom(
  { database }: Pick<InstallConfig, 'database'>,
  log: MigrationLog,
): string | undefined {
  const source = log?.findLast(({ kind }) => kind === 'installation')?.details.database;
  return typeof source === 'string' && source.toLowerCase() !== database.toLowerCase()
    ? source
    : undefined;
}

/** Returns the recorded attributes, unfinished ones too. */
export function recordedAttributes(log: MigrationLog): readonly Attribute[] {
  return findRecord(log)?.attributes ?? [];
}

function parseAttributeEntry(entry: unknown): Attribute[] {
  const { name, path, type } = Object(entry);
  return typeof name === 'string' && typeof path === 'string' && typeof type === 'string'
    ? [{ name, path, type }]
    : [];
}

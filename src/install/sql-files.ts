import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Capabilities } from '../servers';
import type { Account } from './account';
import { indexName } from './attributes/attribute';
import { type Names, quoteIdentifier } from './names';

const root = join(__dirname, '..', '..');

/** A file of SQL as it stands in the package: valid SQL with the default names, each in backticks. */
export interface SqlFile {
  readonly name: string;
  readonly text: string;
}

export function readSqlFile(path: string): SqlFile {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.sql$/, '');
  return { name, text: readFileSync(join(root, path), 'utf8') };
}

export function readSqlFolder(folder: string): SqlFile[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => readSqlFile(`${folder}/${file}`));
}

/** What takes the place of the default names. */
export interface Rendering {
  readonly names: Names;
  readonly definer: string;
  /** Whether no definer is to be named, so that it is whoever runs the text. */
  readonly currentDefiner?: boolean;
  readonly account?: Account;
  /** The database, as a GRANT on all of it names it. */
  readonly schema?: string;
  /** The name of the attribute that the text is about. */
  readonly attribute?: string | undefined;
}

/** The text with the default names replaced, wherever they stand in backticks. */
export function render(text: string, rendering: Rendering): string {
  const { names, definer, currentDefiner = false, account, schema, attribute } = rendering;
  const replacements = new Map([
    ['sessions', names.table],
    ['sessions_expired_idx', names.index],
    ['sessions_migrations', names.migrationLog],
    ['sid', names.sidColumn],
    ['sess_definer', definer],
    ...(account
      ? ([
          ['account', account.user],
          ['host', account.host],
        ] as const)
      : []),
    ...(schema === undefined ? [] : ([['database', schema]] as const)),
    ...(attribute === undefined ? [] : attributeNames(names.prefix, attribute)),
  ]);
  const definerChosen = currentDefiner
    ? text.replace(/(DEFINER =) `sess_definer`@`localhost`/g, '$1 CURRENT_USER')
    : text;
  return definerChosen.replace(/`([^`]+)`/g, (_, name: string) =>
    quoteIdentifier(replacements.get(name) ?? name.replace(/^sess_/, names.prefix)),
  );
}

const clusterWait = /\/\*M! SET STATEMENT wsrep_sync_wait = \d FOR \*\/ /g;

/** The text with nothing in it that this server would stumble over. */
export function forServer(text: string, { readsMariaDbComments, waitsForCluster }: Capabilities): string {
  return readsMariaDbComments && !waitsForCluster ? text.replace(clusterWait, '') : text;
}

/** The body of a routine as this server takes it, whatever it, or a client, keeps of blanks and comments. */
export function comparableBody(text: string, { readsMariaDbComments }: Capabilities): string {
  return text
    .replace(/\/\*M! (.*?) \*\//g, readsMariaDbComments ? '$1' : '')
    .replace(/\s+/g, ' ')
    .trim();
}

function attributeNames(prefix: string, attribute: string): ReadonlyArray<readonly [string, string]> {
  return [
    ['attribute', attribute],
    ['attribute_idx', indexName(attribute)],
    ['sess_find_attribute', `${prefix}find_${attribute}`],
    ['sess_destroy_attribute', `${prefix}destroy_${attribute}`],
  ];
}

/**
 * The statements of a text in which each ends with a semicolon at the end of a line. Comments between
 * statements are for the reader of the file and are left out.
 */
export function statementsOf(text: string): string[] {
  return withoutComments(text)
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/** The one statement of a text, semicolons within it included. */
export function statementOf(text: string): string {
  return withoutComments(text).trim().replace(/;$/, '');
}

/** The comment at the head of a text, or nothing: it tells whoever reads a script why the text is as it is. */
export function commentOf(text: string): string {
  return /^(?:--.*\n)*/.exec(text)?.[0] ?? '';
}

// Comments stand on lines of their own ahead of a statement, never inside one: the servers' clients would
// strip them from the body of a routine, which would then differ from what the installer made.
function withoutComments(text: string): string {
  return text.replace(/^--.*\n/gm, '');
}

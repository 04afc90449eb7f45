import type { ServerCapabilities } from '../install-config';

/**
 * Splits a text into statements. Each ends with a semicolon at the end of a line. Comments between
 * statements are for readers of the file.
 */
export function statementsOf(text: string): string[] {
  return text
    .replace(/^--.*\n/gm, '')
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/** Returns the only statement of a text. It may contain semicolons. */
export function statementOf(text: string): string {
  return text.trim().replace(/;$/, '');
}

const clusterWait = /^ *\/\*M! SET STATEMENT wsrep_sync_wait = \d FOR \*\/\n/gm;

/** Removes the instructions that a MariaDB without Galera refuses. */
export function forServer(
  text: string,
  {
    readsMariaDbComments,
    waitsForCluster,
  }: Pick<ServerCapabilities, 'readsMariaDbComments' | 'waitsForCluster'>,
): string {
  return readsMariaDbComments && !waitsForCluster ? text.replace(clusterWait, '') : text;
}

/** Returns the statement that drops an object where the server can't replace it, or none. */
export function dropBeforeCreate({ replacesRoutines }: ServerCapabilities, drop: string): string[] {
  if (replacesRoutines === undefined) {
    // For MariaDB, this is a comment.
    return [`/*!80000 ${drop} */`];
  }
  return replacesRoutines ? [] : [drop];
}

/** Returns the body of a routine as this server executes it, without differences in blanks. */
export function comparableBody(
  text: string,
  { readsMariaDbComments }: Pick<ServerCapabilities, 'readsMariaDbComments'>,
): string {
  return text
    .replace(/\/\*M! (.*?) \*\//g, readsMariaDbComments ? '$1' : '')
    .replace(/\/\*!80000 (.*?) \*\//g, readsMariaDbComments ? '' : '$1')
    .replace(/[ \t\r\n]+/g, ' ')
    .trim();
}

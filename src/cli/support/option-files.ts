import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError } from '../../errors';
import type { OptionFileFlags } from './command-options';
import { type FileOption, type Include, parseOptionFile } from './option-file';
import { printMessage, styleMessage } from './output';
import { processContext } from './process-context';

/** The group of this program alone. */
export const ownGroup = 'knex-mysql-session';

/** [mysql] and [mariadb-client] are missing: they belong to another program. */
const groups = ['client', 'client-server', 'client-mariadb', ownGroup];

/** As in the servers' clients. It ends files that include each other. */
const maxDepth = 10;

/**
 * Reads the options of our groups from the files that the flags name, and from `~/.my.cnf`.
 *
 * @returns the options in the order of the files: the last value of an option counts
 * @throws {ArgumentError} if a file can't be read, or a line is wrong
 */
export function readOptionFiles(flags: OptionFileFlags): FileOption[] {
  const suffix = flags.defaultsGroupSuffix ?? processContext().env.MYSQL_GROUP_SUFFIX ?? '';
  const wanted = groups.flatMap((group) => [group, `${group}${suffix.toLowerCase()}`]);
  return readFiles(flags).filter(({ group }) => wanted.includes(group));
}

function readFiles({ defaultsFile, defaultsExtraFile }: OptionFileFlags): FileOption[] {
  if (defaultsFile !== undefined && defaultsExtraFile !== undefined) {
    throw new ArgumentError('defaultsExtraFile', 'given without --defaults-file', 'both');
  }
  if (defaultsFile !== undefined) {
    return readRequired('defaultsFile', defaultsFile);
  }
  return [
    ...(defaultsExtraFile === undefined
      ? []
      : readRequired('defaultsExtraFile', defaultsExtraFile)),
    ...readOwn(),
  ];
}

function readOwn(): FileOption[] {
  const { HOME } = processContext().env;
  const file = HOME === undefined ? undefined : join(HOME, '.my.cnf');
  return file !== undefined && statSync(file, { throwIfNoEntry: false })
    ? readFile(file, file, 0)
    : [];
}

// Without this file, the command would connect to another server.
function readRequired(argument: string, path: string): FileOption[] {
  const file = expandHome(path);
  if (isWorldWritable(argument, file)) {
    const expected = `a file that only its owner can write: chmod o-w ${file}`;
    throw new ArgumentError(argument, expected, 'one that every user can write');
  }
  return readFile(argument, file, 0);
}

// A shell expands ~ in `--defaults-file ~/x.cnf`, but not in `--defaults-file=~/x.cnf`.
function expandHome(path: string): string {
  return path.replace(/^~(?=\/)/, processContext().env.HOME ?? '~');
}

/** Reads a file with the files that it includes. `argument` goes into errors. */
function readFile(argument: string, file: string, depth: number): FileOption[] {
  if (isWorldWritable(argument, file)) {
    const warning = styleMessage('yellow', 'warning:');
    printMessage(`${warning} ${file} is ignored: every user can write it. Run: chmod o-w ${file}`);
    return [];
  }
  const text = attempt(argument, 'a file', file, () => readFileSync(file, 'utf8'));
  return parseOptionFile(text, file).flatMap((entry) =>
    entry.kind === 'option' ? [entry] : readIncluded(entry, depth + 1),
  );
}

function readIncluded({ kind, path, origin }: Include, depth: number): FileOption[] {
  if (depth > maxDepth) {
    const expected = `in at most ${maxDepth} files that include each other`;
    throw new ArgumentError(origin, expected, 'one more');
  }
  const files =
    kind === 'include'
      ? [path]
      : attempt(origin, 'a folder', path, () => readdirSync(path))
          .filter((name) => name.endsWith('.cnf'))
          .sort()
          .map((name) => join(path, name));
  return files.flatMap((file) => readFile(origin, file, depth));
}

function isWorldWritable(argument: string, file: string): boolean {
  const stats = attempt(argument, 'a file', file, () => statSync(file));
  return stats.isFile() && (stats.mode & 0o002) !== 0;
}

function attempt<T>(argument: string, kind: string, path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const got = `${path} (${Object(error).code})`;
    throw new ArgumentError(argument, `${kind} that can be read`, got);
  }
}

import { ArgumentError } from '../../errors';

/** An option of a file, in the group that it is in. */
export interface FileOption {
  readonly kind: 'option';
  readonly group: string;
  /** The name as written: the servers' clients read `_` as `-`. */
  readonly name: string;
  /** The value without quotes and escapes. Undefined if the line has no equals sign. */
  readonly value: string | undefined;
  /** File and line, for messages. */
  readonly origin: string;
}

/** A line that reads another file, or the files of a folder. */
export interface Include {
  readonly kind: 'include' | 'includedir';
  readonly path: string;
  readonly origin: string;
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/**
 * Parses an option file as the clients of MySQL and MariaDB do. No error shows a line: it may have
 * a password.
 * https://dev.mysql.com/doc/refman/en/option-files.html#option-file-syntax
 *
 * @throws {ArgumentError} that names the file and the line
 */
export function parseOptionFile(text: string, file: string): Array<FileOption | Include> {
  let group: string | undefined;
  return text.split('\n').flatMap((rawLine, index): Array<FileOption | Include> => {
    const origin = `${file}, line ${index + 1}`;
    const line = rawLine.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) {
      return [];
    }
    if (line.startsWith('!')) {
      return [parseInclude(line, origin)];
    }
    if (line.startsWith('[')) {
      group = parseGroup(line, origin);
      return [];
    }
    if (group === undefined) {
      throw new ArgumentError(
        origin,
        'in a group, such as [client]',
        'an option ahead of any group',
      );
    }
    return [{ kind: 'option', group, ...parseOption(line), origin }];
  });
}

function parseInclude(line: string, origin: string): Include {
  const [, kind, path] = /^!\s*(include|includedir)\s+(.+)$/.exec(withoutComment(line)) ?? [];
  if (path === undefined || (kind !== 'include' && kind !== 'includedir')) {
    throw new ArgumentError(origin, '!include FILE or !includedir FOLDER', 'another line with !');
  }
  return { kind, path, origin };
}

// The servers' clients ignore the letter case of a group, and keep a blank after the bracket.
function parseGroup(line: string, origin: string): string {
  const [, group] = /^\[([^\]]*)\]/.exec(line) ?? [];
  if (group === undefined) {
    throw new ArgumentError(origin, 'a group, such as [client]', 'a [ without ]');
  }
  return group.trimEnd().toLowerCase();
}

function parseOption(line: string): Pick<FileOption, 'name' | 'value'> {
  const content = withoutComment(line);
  const separator = content.indexOf('=');
  return separator < 0
    ? { name: content, value: undefined }
    : {
        name: content.slice(0, separator).trimEnd(),
        value: replaceEscapes(unquote(content.slice(separator + 1).trim())),
      };
}

/** Plain text and quoted text. An apostrophe in a value begins quotes too. */
const contentForm = /^(?:[^"'#]|"(?:\\.|[^"\\])*(?:"|\\?$)|'(?:\\.|[^'\\])*(?:'|\\?$))*/;

// A # begins a comment, except in quotes.
function withoutComment(line: string): string {
  return contentForm.exec(line)?.[0].trimEnd() ?? line;
}

function unquote(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}

// An unknown escape keeps its backslash.
function replaceEscapes(value: string): string {
  return value.replace(/\\(.)/g, (sequence, character) => escapes[character] ?? sequence);
}

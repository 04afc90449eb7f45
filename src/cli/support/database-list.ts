import { ArgumentError } from '../../errors';
import { describe } from '../../util/describe';
import { parseDatabaseName } from '../../util/identifiers';

/** The name of a database, or a pattern for several. */
export type DatabaseItem =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'pattern'; readonly text: string; readonly parts: readonly string[] };

const systemDatabases = ['information_schema', 'mysql', 'performance_schema', 'sys'];

/**
 * Parses names and patterns, with commas between them. `%` is any text. `_` is a plain character,
 * so `shop_1` never means `shopX1`. A backslash makes the next character a plain one, as in the
 * `shop\_%` of a GRANT.
 *
 * @throws {ArgumentError} if a name is missing or too long
 */
export function parseDatabaseList(argument: string, list: string): DatabaseItem[] {
  return splitList(list).map((text) => {
    const parts = literalParts(text);
    const [name = '', ...others] = parts;
    return others.length === 0
      ? { kind: 'name', name: parseDatabaseName(argument, name) }
      : { kind: 'pattern', text, parts };
  });
}

function splitList(list: string): string[] {
  return (`,${list}`.match(/,(?:\\.|[^,\\]|\\$)*/gsu) ?? []).map((item) => item.slice(1).trim());
}

/** Returns the plain texts between the wildcards. */
function literalParts(text: string): string[] {
  const parts = `%${text}`.match(/%(?:\\.|[^%\\]|\\$)*/gsu) ?? [];
  return parts.map((part) => part.slice(1).replace(/\\(.)/gsu, '$1'));
}

/**
 * Returns the names of an item among those of the server. A pattern never means a database of the
 * server itself.
 *
 * @throws {ArgumentError} if a pattern matches none
 */
export function matchDatabases(
  argument: string,
  item: DatabaseItem,
  existing: readonly string[],
  ignoresCase: boolean,
): string[] {
  if (item.kind === 'name') {
    return [item.name];
  }
  const pattern = new RegExp(
    `^${item.parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('.*')}$`,
    ignoresCase ? 'isu' : 'su',
  );
  const names = existing.filter(
    (name) => pattern.test(name) && !systemDatabases.includes(name.toLowerCase()),
  );
  if (names.length === 0) {
    const expected = 'names and patterns of databases that the account may see';
    throw new ArgumentError(argument, expected, `${describe(item.text)}, which matches none`);
  }
  return names;
}

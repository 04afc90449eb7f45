import { ArgumentError } from '../../errors';
import { parseAttributeName } from '../../options/attributes';
import { describe } from '../../util/describe';
import { type ObjectNames, ownColumns } from '../install-config';
import { getAttributeType, parseAttributeType } from './attribute-type';

/** A value in a session's data by which sessions can be found, counted, limited and destroyed. */
export interface Attribute {
  /** The name of its column. Its routines have it too, such as `sess_find_NAME`. */
  readonly name: string;
  /** The JSON path of the value in a session: `$.user.id`. */
  readonly path: string;
  /** `VARCHAR(n)`, `INT`, `INT UNSIGNED`, `BIGINT` or `BIGINT UNSIGNED`. */
  readonly type: string;
}

// Quoted keys exclude the characters that would end the SQL text around them.
const pathForm = /^\$(?:\.[A-Za-z_]\w*|\."[^"'`*\\\p{Cc}]+"|\[\d{1,4}\])+$/u;
const maxPathLength = 200;

/**
 * Checks an attribute.
 *
 * @throws {ArgumentError} if its name, path or type is not allowed
 */
export function parseAttribute(attribute: Attribute, names: ObjectNames): Attribute {
  if (typeof attribute !== 'object' || attribute === null) {
    throw new ArgumentError('attribute', 'an object with name, path and type', describe(attribute));
  }
  const name = parseAttributeName('name', attribute.name);
  const used = [names.sidColumn.toLowerCase(), ...ownColumns];
  if (used.includes(name) || indexName(name) === names.index.toLowerCase()) {
    throw new ArgumentError(
      'name',
      `a name that no column or index of the table has (${used.join(', ')}, ${names.index})`,
      describe(name),
    );
  }
  const { path } = attribute;
  if (typeof path !== 'string' || path.length > maxPathLength || !pathForm.test(path)) {
    throw new ArgumentError(
      'path',
      `a path to one value, such as $.user.id, $."user id" or $.ids[0], with at most ` +
        `${maxPathLength} characters`,
      describe(path),
    );
  }
  return { name, path, type: parseAttributeType(attribute.type) };
}

/** Returns the SQL expression of the JSON value at the path. */
export function jsonIn({ path }: Attribute): string {
  return `JSON_EXTRACT(\`sess\`, '${path}')`;
}

/** Returns the SQL expression of the column's value. */
export function valueIn(attribute: Attribute): string {
  return getAttributeType(attribute.type).ofJson(jsonIn(attribute));
}

export function indexName(attribute: string): string {
  return `${attribute}_idx`;
}

export function isSame(one: Attribute, other: Attribute): boolean {
  return one.name === other.name && one.path === other.path && one.type === other.type;
}

/** Formats an attribute for people: `user_id VARCHAR(64) at $.user.id`. */
export function formatAttribute({ name, path, type }: Attribute): string {
  return `${name} ${type} at ${path}`;
}

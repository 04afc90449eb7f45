import { attributeName } from '../../attributes';
import { ArgumentError, describe } from '../../errors';
import { type Names, ownColumns } from '../names';
import { attributeTypeName, attributeTypeOf } from './attribute-type';

/** Something in the sessions by which they can be found and ended. */
export interface Attribute {
  /** Of its column and, after `sess_find_` and `sess_destroy_`, of its routines. */
  readonly name: string;
  /** Where a session has it: `$.user.id`. */
  readonly path: string;
  /** `VARCHAR(n)`, `INT`, `INT UNSIGNED`, `BIGINT` or `BIGINT UNSIGNED`. */
  readonly type: string;
}

// What stands in quotes can't end the SQL text around it, nor be taken for a name of ours.
const pathForm = /^\$(?:\.[A-Za-z_]\w*|\."[^"'`*\\\p{Cc}]+"|\[\d{1,4}\])+$/u;
const longestPath = 200;

/** @throws {ArgumentError} for what the table or the routines could not have */
export function parseAttribute(attribute: Attribute, names: Names): Attribute {
  if (typeof attribute !== 'object' || attribute === null) {
    throw new ArgumentError('attribute', 'an object with name, path and type', describe(attribute));
  }
  const name = attributeName('name', attribute.name);
  const taken = [names.sidColumn.toLowerCase(), ...ownColumns];
  if (taken.includes(name) || indexName(name) === names.index.toLowerCase()) {
    throw new ArgumentError('name', "none that the table's own columns and indexes have", describe(name));
  }
  const { path } = attribute;
  if (typeof path !== 'string' || path.length > longestPath || !pathForm.test(path)) {
    throw new ArgumentError(
      'path',
      `a path to one value, such as $.user.id, $."user id" or $.ids[0], of at most ${longestPath} characters`,
      describe(path),
    );
  }
  return { name, path, type: attributeTypeName(attribute.type) };
}

/** An expression: the JSON value that a session has there. */
export function jsonIn({ path }: Attribute): string {
  return `JSON_EXTRACT(\`sess\`, '${path}')`;
}

/** An expression: the value that the attribute's column has. */
export function valueIn(attribute: Attribute): string {
  return attributeTypeOf(attribute.type).ofJson(jsonIn(attribute));
}

export function indexName(attribute: string): string {
  return `${attribute}_idx`;
}

export function isSame(one: Attribute, other: Attribute): boolean {
  return one.name === other.name && one.path === other.path && one.type === other.type;
}

/** As people read it: `user_id VARCHAR(64) at $.user.id`. */
export function formatAttribute({ name, path, type }: Attribute): string {
  return `${name} ${type} at ${path}`;
}

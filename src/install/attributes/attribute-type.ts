import { longestText } from '../../attributes';
import { ArgumentError, describe } from '../../errors';

/** The type of an attribute's column, and which of the session's values fit into it. */
export interface AttributeType {
  /** As it stands in the column's and in a variable's definition. */
  readonly definition: string;
  /** As the catalogue tells it: type and collation. */
  readonly shown: string;
  /** An expression: the JSON value that `json` extracts, where it is of this type and fits, else NULL. */
  ofJson(json: string): string;
  /** An expression: the value that the variable `text` spells, where it fits, else NULL. */
  ofText(text: string): string;
}

const ranges = {
  INT: ['-2147483648', '2147483647'],
  'INT UNSIGNED': ['0', '4294967295'],
  BIGINT: ['-9223372036854775808', '9223372036854775807'],
  'BIGINT UNSIGNED': ['0', '18446744073709551615'],
} as const;

/**
 * The type in the one way of writing it.
 *
 * @throws {ArgumentError} for a type that an attribute can't have
 */
export function attributeTypeName(type: unknown): string {
  const name = String(type)
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?\( ?(\d+) ?\)$/, '($1)')
    .toUpperCase();
  if (typeof type !== 'string' || !(isInteger(name) || lengthOf(name) !== undefined)) {
    throw new ArgumentError(
      'type',
      `VARCHAR(n) with n from 1 to ${longestText}, or one of ${Object.keys(ranges).join(', ')}`,
      describe(type),
    );
  }
  return name;
}

/** @param name as {@link attributeTypeName} gives it */
export function attributeTypeOf(name: string): AttributeType {
  return isInteger(name) ? integer(name) : text(lengthOf(name) ?? 0);
}

function isInteger(name: string): name is keyof typeof ranges {
  return Object.hasOwn(ranges, name);
}

function lengthOf(name: string): number | undefined {
  const length = Number(/^VARCHAR\(([1-9]\d{0,2})\)$/.exec(name)?.[1]);
  return length <= longestText ? length : undefined;
}

// Integers have their place here, as an application may keep a user's id as either. The pattern is for what MariaDB
// calls an integer too, such as 1e3.
function text(length: number): AttributeType {
  const fitting = (condition: string, value: string) => `IF(${condition} <= ${length}, ${value}, NULL)`;
  return {
    definition: `VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    shown: `varchar(${length}) utf8mb4_bin`,
    ofJson: (json) => {
      const value = `JSON_UNQUOTE(${json})`;
      const type = `JSON_TYPE(${json})`;
      const isInteger = `${type} IN ('INTEGER', 'UNSIGNED INTEGER') AND ${value} REGEXP '^-?[0-9]+$'`;
      return fitting(`(${type} = 'STRING' OR ${isInteger}) AND CHAR_LENGTH(${value})`, value);
    },
    ofText: (variable) => fitting(`CHAR_LENGTH(${variable})`, variable),
  };
}

// The pattern is for what MariaDB calls an integer too, such as 1e3, and for what no DECIMAL can hold.
function integer(name: keyof typeof ranges): AttributeType {
  const [least, most] = ranges[name];
  const fitting = (digits: string) =>
    `${digits} REGEXP '^-?[0-9]{1,20}$' AND CAST(${digits} AS DECIMAL(20, 0)) BETWEEN ${least} AND ${most}, ` +
    `CAST(${digits} AS DECIMAL(20, 0)), NULL)`;
  return {
    definition: name,
    shown: name.toLowerCase(),
    ofJson: (json) =>
      `IF(JSON_TYPE(${json}) IN ('INTEGER', 'UNSIGNED INTEGER') AND ${fitting(`JSON_UNQUOTE(${json})`)}`,
    ofText: (variable) => `IF(${fitting(variable)}`,
  };
}

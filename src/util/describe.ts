/** Describes a value in a few words for an error message. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  switch (typeof value) {
    case 'string':
      return value.length > 40 ? `a string of ${value.length} characters` : JSON.stringify(value);
    case 'number':
    case 'boolean':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value instanceof Date ? describeDate(value) : describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

/** Describes the type of a value. Shows nothing of its content, which may be confidential. */
export function describeKind(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  switch (typeof value) {
    case 'string':
      return `a string of ${value.length} characters`;
    case 'object':
      return describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeDate(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an Invalid Date' : `the date ${date.toISOString()}`;
}

function describeObject(value: object): string {
  return value.constructor
    ? `an instance of ${value.constructor.name}`
    : 'an object without a prototype';
}

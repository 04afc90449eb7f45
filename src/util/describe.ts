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
      return value.constructor
        ? `an instance of ${value.constructor.name}`
        : 'an object without a prototype';
    default:
      return `a ${typeof value}`;
  }
}

/** Describes the type of a value. Shows nothing of its content, which may be confidential. */
export function describeKind(value: unknown): string {
  if (typeof value === 'string') {
    return `a string of ${value.length} characters`;
  }
  return value === null || value === undefined || typeof value === 'object'
    ? describe(value)
    : `a ${typeof value}`;
}

/** What a session has become since it was loaded, key by key at the top level. */
export interface Changes {
  /** Keys that are new or have another value, each with the JSON text of its value. */
  readonly changed: ReadonlyArray<readonly [key: string, json: string]>;
  readonly removed: readonly string[];
}

/**
 * What changed from one JSON text of a session to another; undefined where one of them is not a JSON object and
 * has no keys to tell apart.
 *
 * @param isSame whether a key means the same with both values
 */
export function changesBetween(
  before: string,
  after: string,
  isSame: (key: string, one: unknown, other: unknown) => boolean,
): Changes | undefined {
  const [old, current] = [propertiesOf(before), propertiesOf(after)];
  if (old === undefined || current === undefined) {
    return undefined;
  }
  return {
    changed: Object.entries(current)
      .filter(([key, value]) => !Object.hasOwn(old, key) || !isSame(key, old[key], value))
      .map(([key, value]) => [key, JSON.stringify(value)]),
    removed: Object.keys(old).filter((key) => !Object.hasOwn(current, key)),
  };
}

function propertiesOf(json: string): Record<string, unknown> | undefined {
  const value: unknown = JSON.parse(json);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

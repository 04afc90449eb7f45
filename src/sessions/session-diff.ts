/** The top-level keys of a session that changed since it was loaded. */
export interface SessionDiff {
  /** New keys and keys with another value, each with the JSON text of its value. */
  readonly changed: ReadonlyArray<readonly [key: string, json: string]>;
  readonly removed: readonly string[];
}

/**
 * Compares two JSON texts of a session. Returns undefined if one of them is not a JSON object.
 *
 * @param isSameValue whether a key's values are equal
 */
export function diffSessions(
  before: string,
  after: string,
  isSameValue: (key: string, before: unknown, after: unknown) => boolean,
): SessionDiff | undefined {
  const [old, current] = [parseObject(before), parseObject(after)];
  if (old === undefined || current === undefined) {
    return undefined;
  }
  return {
    changed: Object.entries(current)
      .filter(([key, value]) => !Object.hasOwn(old, key) || !isSameValue(key, old[key], value))
      .map(([key, value]) => [key, JSON.stringify(value)]),
    removed: Object.keys(old).filter((key) => !Object.hasOwn(current, key)),
  };
}

function parseObject(json: string): Record<string, unknown> | undefined {
  const value: unknown = JSON.parse(json);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

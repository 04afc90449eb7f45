/** What a session has become since it was loaded, key by key at the top level. */
export interface Changes {
  /** Keys that are new or have another value, each with the JSON text of its value. */
  readonly changed: ReadonlyArray<readonly [key: string, json: string]>;
  readonly removed: readonly string[];
}

/**
 * What changed from one JSON text of a session to another; undefined where one of them is not a JSON object and
 * has no keys to tell apart. A cookie that merely expires at another time has not changed.
 */
export function changesBetween(before: string, after: string): Changes | undefined {
  const [old, current] = [propertiesOf(before), propertiesOf(after)];
  if (old === undefined || current === undefined) {
    return undefined;
  }
  return {
    changed: Object.entries(current)
      .filter(([key, value]) => !Object.hasOwn(old, key) || printOf(key, old[key]) !== printOf(key, value))
      .map(([key, value]) => [key, JSON.stringify(value)]),
    removed: Object.keys(old).filter((key) => !Object.hasOwn(current, key)),
  };
}

function propertiesOf(json: string): Record<string, unknown> | undefined {
  const value: unknown = JSON.parse(json);
  return isObject(value) ? value : undefined;
}

/** The same for two values of a key that are no change from one another. */
function printOf(key: string, value: unknown): string {
  if (key !== 'cookie' || !isObject(value)) {
    return JSON.stringify(value);
  }
  // A cookie is built anew for each request, with its keys in an order of its own. Whether it expires at all
  // is a change, for a cookie without an expiry is gone with the browser.
  const cookie = { ...value, expires: Boolean(value.expires) };
  return JSON.stringify(Object.entries(cookie).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

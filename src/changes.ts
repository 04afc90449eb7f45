import { isDeepStrictEqual } from 'node:util';

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
      .filter(([key, value]) => !Object.hasOwn(old, key) || !isSame(key, old[key], value))
      .map(([key, value]) => [key, JSON.stringify(value)]),
    removed: Object.keys(old).filter((key) => !Object.hasOwn(current, key)),
  };
}

/** In milliseconds. */
const clockTolerance = 10;

function propertiesOf(json: string): Record<string, unknown> | undefined {
  const value: unknown = JSON.parse(json);
  return isObject(value) ? value : undefined;
}

function isSame(key: string, one: unknown, other: unknown): boolean {
  return key === 'cookie' && isObject(one) && isObject(other)
    ? isSameCookie(one, other)
    : isDeepStrictEqual(one, other);
}

/**
 * A cookie is built anew for each request, with its keys in an order of its own, and a lifetime that
 * express-session computes from the clock, so that it is a millisecond off now and then. Whether it expires at all
 * is a change, for a cookie without an expiry is gone with the browser.
 */
function isSameCookie(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => {
    const [value, otherValue] = [one[key], other[key]];
    switch (key) {
      case 'expires':
        return Boolean(value) === Boolean(otherValue);
      case 'originalMaxAge':
        return typeof value === 'number' && typeof otherValue === 'number'
          ? Math.abs(value - otherValue) <= clockTolerance
          : value === otherValue;
      default:
        return isDeepStrictEqual(value, otherValue);
    }
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

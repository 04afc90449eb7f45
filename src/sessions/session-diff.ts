import { equalsWithoutBlanks, splitObject } from '../util/json-text';

/** The top-level keys of a session that changed since it was loaded. */
export interface SessionDiff {
  /** New keys and keys with another value, each with the JSON text of its value. */
  readonly changed: ReadonlyArray<readonly [key: string, json: string]>;
  readonly removed: readonly string[];
}

/**
 * Compares two JSON texts of a session. Returns undefined if one of them is not a JSON object.
 * Parses only values with different texts: most values of a session did not change.
 *
 * @param isSameValue whether a key's values are equal
 */
export function diffSessions(
  before: string,
  after: string,
  isSameValue: (key: string, before: unknown, after: unknown) => boolean,
): SessionDiff | undefined {
  const [old, current] = [splitObject(before), splitObject(after)];
  if (old === undefined || current === undefined) {
    return undefined;
  }
  const isSame = (key: string, json: string) => {
    const oldJson = old.get(key);
    if (oldJson === undefined || oldJson === json) {
      return oldJson === json;
    }
    return (
      // The server adds white space to a text.
      equalsWithoutBlanks(oldJson, json) || isSameValue(key, JSON.parse(oldJson), JSON.parse(json))
    );
  };
  return {
    changed: [...current].filter(([key, json]) => !isSame(key, json)),
    removed: [...old.keys()].filter((key) => !current.has(key)),
  };
}

/** The part of an installation that a check examines. */
export type Area =
  | 'table'
  | 'attributes'
  | 'routines'
  | 'definer'
  | 'grants'
  | 'log'
  | 'cleanup'
  | 'event'
  | 'server'
  | 'account';

/** The result of one check. */
export interface Check {
  readonly area: Area;
  /** The object that was checked, for example `index sessions_expired_idx`. */
  readonly subject: string;
  /**
   * `finding`: needs a remedy. `note`: worth knowing, but not wrong.
   * `unknown`: the account lacks the privilege to check it.
   */
  readonly state: 'ok' | 'note' | 'finding' | 'unknown';
  readonly expected: string;
  readonly found: string;
  /**
   * The fix, in order: SQL statements that end with a semicolon, commands of this package, and
   * what to do elsewhere, after a `#`.
   */
  readonly remedy: readonly string[];
  /** Another fix, where two are possible, in the same form. */
  readonly alternative?: readonly string[];
}

/** The result of one check, without its area. */
export type CheckResult = Omit<Check, 'area'>;

/** Returns a finding if `found` differs from `expected`. Undefined is found as `missing`. */
export function compare(
  subject: string,
  expected: string,
  found: string | undefined,
  ...remedy: readonly string[]
): CheckResult {
  const isEqual = found === expected;
  return {
    subject,
    state: isEqual ? 'ok' : 'finding',
    expected,
    found: found ?? 'missing',
    remedy: isEqual ? [] : remedy,
  };
}

export function note(
  subject: string,
  expected: string,
  found: string,
  ...remedy: readonly string[]
): CheckResult {
  return { subject, state: 'note', expected, found, remedy };
}

/** Returns the result of a check that the account lacks the privilege for. */
export function unknownResult(
  subject: string,
  expected: string,
  found: string,
  ...remedy: readonly string[]
): CheckResult {
  return { subject, state: 'unknown', expected, found, remedy };
}

import { ArgumentError } from '../errors';
import { refuseUnknownOptions } from '../options/refuse-unknown-options';
import { describe, describeKind } from '../util/describe';
import { isSessionId } from './session-id';

/** The most sessions that `limitBy` can keep. */
const maxKeep = 500;

export interface DestroyByOptions {
  /** The id of a session to keep, such as the one of the request. */
  readonly except?: string | undefined;
}

export interface LimitByOptions {
  /** How many sessions to keep, 1 to 500. */
  readonly keep: number;
  /** The id of a session that is one of those to keep, such as the one of the request. */
  readonly except?: string | undefined;
  /**
   * Which sessions to keep: the newest (`'created'`), or those last saved or touched (`'seen'`).
   * @default 'created'
   */
  readonly by?: 'created' | 'seen' | undefined;
}

/** Returns the id to keep. */
export function parseDestroyByOptions(options: unknown): string | undefined {
  const { except } = parseOptions(options, '{ except: req.sessionID }', ['except']);
  return parseExcept(except);
}

/** Checks the options of `limitBy`, and fills in the default. */
export function parseLimitByOptions(options: unknown): {
  keep: number;
  except: string | undefined;
  by: 'created' | 'seen';
} {
  const example = '{ keep: 3, except: req.sessionID }';
  const { keep, except, by = 'created' } = parseOptions(options, example, ['keep', 'except', 'by']);
  if (typeof keep !== 'number' || !Number.isInteger(keep) || keep < 1 || keep > maxKeep) {
    throw new ArgumentError('keep', `a whole number, 1 to ${maxKeep}`, describe(keep));
  }
  if (by !== 'created' && by !== 'seen') {
    throw new ArgumentError('by', "'created' or 'seen'", describe(by));
  }
  return { keep, except: parseExcept(except), by };
}

function parseOptions(
  options: unknown,
  example: string,
  names: readonly string[],
): Record<string, unknown> {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentError('options', `an object such as ${example}`, describe(options));
  }
  refuseUnknownOptions('options', options, names);
  return { ...options };
}

function parseExcept(except: unknown): string | undefined {
  if (except === undefined || isSessionId(except)) {
    return except;
  }
  // The message does not show the id: a reader of the log could use it.
  const expected = 'a session id of 1 to 255 visible ASCII characters, or omitted';
  throw new ArgumentError('except', expected, describeKind(except));
}

import { ArgumentError } from './errors';

/**
 * Whether the store takes this id: 1 to 255 visible ASCII characters, which every server compares
 * exactly. Whatever a cookie brings, only such an id is ever looked up.
 */
export function isSessionId(sid: unknown): sid is string {
  return typeof sid === 'string' && /^[!-~]{1,255}$/.test(sid);
}

/** The message does not show the id: whoever reads a log could use it. */
export function assertSessionId(sid: unknown): asserts sid is string {
  if (!isSessionId(sid)) {
    const got = typeof sid === 'string' ? `a string of ${sid.length} characters` : typeof sid;
    throw new ArgumentError('sid', 'a string of 1 to 255 visible ASCII characters', got);
  }
}

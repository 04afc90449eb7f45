import { hasLoneSurrogate, jsonDepth } from '../../util/json-text';
import type { RefusedOutcome } from './statements';

/** A session that can't be adopted. */
export interface Refusal {
  /** The start of its id, too short to log in with. */
  readonly sid: string;
  readonly reason: string;
}

/** Every supported server accepts JSON of this depth. */
const safeDepth = 31;

/** Explains why a row can't be adopted, from its outcome and the text of its data. */
export function explainRefusal(outcome: RefusedOutcome, data: string | null): string {
  switch (outcome) {
    case 'invalidId':
      return 'its id is not 1 to 255 visible ASCII characters';
    case 'notAnObject':
      return 'its data is JSON, but not an object';
    case 'invalidJson':
      return explainInvalidJson(data);
  }
}

function explainInvalidJson(data: string | null): string {
  if (data === null) {
    return 'it has no data';
  }
  try {
    JSON.parse(data);
  } catch {
    return 'its data is not JSON';
  }
  if (hasLoneSurrogate(data)) {
    return 'its data contains half of a surrogate pair';
  }
  const depth = jsonDepth(data);
  return depth > safeDepth
    ? `its data is nested ${depth} levels deep, more than this server accepts`
    : 'this server does not accept its data as JSON';
}

/** Shortens an id: long enough to find its row, too short to log in with if a log leaks. */
export function shortenId(id: string): string {
  const length = [...id].length;
  const start = id.slice(0, Math.min(6, Math.floor(length / 4))).replace(/[^!-~]/g, '?');
  return `${start}… (${length} characters)`;
}

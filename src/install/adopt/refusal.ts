import { hasLoneSurrogate, jsonDepth } from '../../json-text';

/** A session that can't come over. */
export interface Refusal {
  /** The beginning of its id: nobody can log in with that. */
  readonly sid: string;
  readonly reason: string;
}

/** How many levels every server's JSON nests. */
const surelyTaken = 31;

/** Enough of an id to find its row by, and too little to be of use to whoever reads a log. */
export function shorten(id: string): string {
  const length = [...id].length;
  const shown = id.slice(0, Math.min(6, Math.floor(length / 4))).replace(/[^!-~]/g, '?');
  return `${shown}… (${length} characters)`;
}

/** Why a server that was asked did not take a text for JSON. */
export function reasonOf(text: string | null): string {
  if (text === null) {
    return 'it has no data';
  }
  try {
    JSON.parse(text);
  } catch {
    return 'its data is not JSON';
  }
  if (hasLoneSurrogate(text)) {
    return 'its data holds half of a surrogate pair';
  }
  const depth = jsonDepth(text);
  return depth > surelyTaken
    ? `its data nests ${depth} levels deep, more than this server takes`
    : "this server's JSON does not take its data";
}

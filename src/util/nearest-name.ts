import { closest, distance } from 'fastest-levenshtein';

/** Returns the name that was probably meant: at most two letters in five differ, in any case. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  const candidates = names.map((candidate) => candidate.toLowerCase());
  const best = closest(wanted, candidates);
  return distance(wanted, best) <= wanted.length * 0.4
    ? names[candidates.indexOf(best)]
    : undefined;
}

import { closest, distance } from 'fastest-levenshtein';
import { ArgumentError } from '../errors';

/**
 * Checks the names of options.
 *
 * @param replacements what to do instead of setting an option, by its name in lower case
 * @throws {ArgumentError} for the first unknown name, with what to write instead if that is known
 */
export function refuseUnknownOptions(
  argument: string,
  options: object,
  names: readonly string[],
  replacements: Readonly<Record<string, string>> = {},
): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, names);
  const hint = replacements[unknown.toLowerCase()] ?? (nearest && `did you mean \`${nearest}\`?`);
  const got = hint === undefined ? `\`${unknown}\`` : `\`${unknown}\`: ${hint}`;
  throw new ArgumentError(argument, `made of ${names.join(', ')}`, got);
}

/** Returns the name that was probably meant: at most two letters in five differ, in any case. */
function nearestName(name: string, names: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  const candidates = names.map((candidate) => candidate.toLowerCase());
  const best = closest(wanted, candidates);
  return distance(wanted, best) <= wanted.length * 0.4
    ? names[candidates.indexOf(best)]
    : undefined;
}

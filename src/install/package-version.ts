import { readPackageFiles } from './package-files';

let version: string | undefined;

/** Returns the version of this package. */
export function packageVersion(): string {
  version ??= readPackageFiles().version;
  return version;
}

/** Returns whether a version is newer than another, without regard to pre-releases. */
export function isNewerVersion(one: string, other: string): boolean {
  const numbers = (text: string) => (/^\d+\.\d+\.\d+/.exec(text)?.[0] ?? '').split('.').map(Number);
  const [first, second] = [numbers(one), numbers(other)];
  const index = first.findIndex((number, position) => number !== second[position]);
  return index >= 0 && (first[index] ?? 0) > (second[index] ?? 0);
}

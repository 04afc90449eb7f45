import { readFileSync } from 'node:fs';
import { join } from 'node:path';

let version: string | undefined;

/** Returns the version of this package. */
export function packageVersion(): string {
  version ??= readVersion();
  return version;
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  return String(Reflect.get(Object(manifest), 'version'));
}

/** Returns whether a version is newer than another, without regard to pre-releases. */
export function isNewerVersion(one: string, other: string): boolean {
  const numbers = (text: string) => (/^\d+\.\d+\.\d+/.exec(text)?.[0] ?? '').split('.').map(Number);
  const [first, second] = [numbers(one), numbers(other)];
  const index = first.findIndex((number, position) => number !== second[position]);
  return index >= 0 && (first[index] ?? 0) > (second[index] ?? 0);
}

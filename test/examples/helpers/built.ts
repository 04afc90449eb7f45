import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/**
 * The examples import the package by its name, as its users do, and so get what was built. A test of an older
 * build would say nothing of today's source.
 */
export function assertBuilt(): void {
  const built = statSync(join(root, 'dist/index.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .find((file) => statSync(join(root, 'src', file)).mtimeMs > built);
  if (changed !== undefined) {
    throw new Error(`src/${changed} is newer than dist: run npm run build first`);
  }
}

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(__dirname, '../..');

/** JSON in the layout that lint wants of this repository's files. */
export async function jsonOf(value: unknown): Promise<string> {
  const biome = spawn(
    join(root, 'node_modules/.bin/biome'),
    ['format', '--stdin-file-path', join(root, 'docs/benchmarks/any.json')],
    { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  biome.stdin.end(JSON.stringify(value, rounded, 2));
  return text(biome.stdout);
}

/** More digits than five are noise. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}

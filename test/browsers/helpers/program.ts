import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { testFolder } from '../../servers/helpers/folder';

/** A program that prints a line, in a folder of its own. */
export async function programThatPrints(t: ExecutionContext, name: string, line: string): Promise<string> {
  const program = join(await testFolder(t), name);
  await writeFile(program, `#!/bin/sh\necho '${line}'\n`, { mode: 0o755 });
  return program;
}

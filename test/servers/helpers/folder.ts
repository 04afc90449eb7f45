import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** A folder for the length of a test, which the user that root's servers run as may enter. */
export async function testFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kms-test-'));
  await chmod(folder, 0o755);
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

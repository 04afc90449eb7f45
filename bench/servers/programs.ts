import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { programFolders } from '../../test/servers/programs';

/** The path of a program, under the very name: what a link leads to may behave by the name it is called by. */
export async function findProgram(
  name: string,
  folders: readonly string[] = programFolders(),
): Promise<string> {
  for (const folder of folders) {
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw new Error(`no ${name} in PATH or the usual folders`);
}

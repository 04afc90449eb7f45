import { lstat, open, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { libraryFolders } from './tree';

const magic = '\x7fELF';

/**
 * Puts a script in the place of every program of a tree, which starts it through the tree's own loader and with
 * the tree's own libraries: so it runs whatever C library the machine has. Scripts of the tree that call these
 * programs, as MariaDB's installer does, need not know.
 */
export async function startThroughLoader(tree: string): Promise<void> {
  const libraries = await libraryFolders(tree);
  const loader = await loaderIn(tree, libraries);
  for (const folder of ['usr/bin', 'usr/sbin']) {
    for (const name of await readdir(join(tree, folder))) {
      const program = join(folder, name);
      if (!(await isProgram(join(tree, program)))) continue;
      await rename(join(tree, program), join(tree, `${program}.elf`));
      await writeFile(join(tree, program), script(program, loader, libraries), { mode: 0o755 });
    }
  }
}

/** Paths are relative to the script, as the tree is moved when it is whole. */
function script(program: string, loader: string, libraries: readonly string[]): string {
  const path = libraries.map((folder) => `$tree/${folder}`).join(':');
  return [
    '#!/bin/sh',
    'tree=$(dirname "$0")/../..',
    `exec "$tree/${loader}" --library-path "${path}" "$tree/${program}.elf" "$@"`,
    '',
  ].join('\n');
}

async function loaderIn(tree: string, libraries: readonly string[]): Promise<string> {
  for (const folder of libraries) {
    const name = (await readdir(join(tree, folder))).find((file) =>
      /^ld(-linux|64)\b.*\.so\.\d+$/.test(file),
    );
    if (name) return join(folder, name);
  }
  throw new Error('The packages have no dynamic loader.');
}

/** Whether it is a program and neither a script nor a link. */
async function isProgram(path: string): Promise<boolean> {
  if (!(await lstat(path)).isFile()) return false;
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(magic.length), 0, magic.length);
    return buffer.toString('latin1') === magic;
  } finally {
    await file.close();
  }
}

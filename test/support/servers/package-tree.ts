import { lstat, open, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Returns the flags by which a server finds its files in a tree of unpacked packages. */
export async function layoutFlags(tree: string): Promise<string[]> {
  const folders = await readdir(join(tree, 'usr/share'));
  // The name of the folder depends on the release.
  const share = join(tree, 'usr/share', folders.includes('mariadb') ? 'mariadb' : 'mysql');
  return [
    `--basedir=${join(tree, 'usr')}`,
    `--lc-messages-dir=${share}`,
    `--character-sets-dir=${join(share, 'charsets')}`,
    `--plugin-dir=${join(tree, 'usr/lib/mysql/plugin')}`,
  ];
}

/** Where the package mysql-router has its libraries. Its program looks for them in `/usr/lib`. */
const routerLibraries = 'mysql-router';

/** Returns folders like `usr/lib/x86_64-linux-gnu`. Older releases have one in `lib` too. */
export async function libraryFolders(tree: string): Promise<string[]> {
  const folders: string[] = [];
  for (const parent of ['usr/lib', 'lib']) {
    const names = await readdir(join(tree, parent)).catch(() => []);
    folders.push(
      ...names
        .filter((name) => name.includes('-linux-') || name === routerLibraries)
        .map((name) => join(parent, name)),
    );
  }
  return folders;
}

/**
 * Returns the library folders and their subfolders with libraries. Some libraries, like the ones of
 * PulseAudio, have a separate folder. On an installed system, programs know its path.
 */
export async function nestedLibraryFolders(tree: string): Promise<string[]> {
  const folders = await libraryFolders(tree);
  const nested: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(join(tree, folder), { withFileTypes: true })) {
      if (entry.isDirectory() && (await hasLibraries(join(tree, folder, entry.name)))) {
        nested.push(join(folder, entry.name));
      }
    }
  }
  return [...folders, ...nested];
}

async function hasLibraries(folder: string): Promise<boolean> {
  return (await readdir(folder)).some((name) => /^lib.+\.so\b/.test(name));
}

/**
 * Makes the programs of a tree independent of this machine's C library. A script replaces each
 * program, and starts it with the loader and the libraries of the tree. Other scripts of the tree
 * can call a replaced program as before.
 */
export async function useOwnLoader(tree: string): Promise<void> {
  const libraries = await libraryFolders(tree);
  const loader = await findLoader(tree, libraries);
  for (const folder of ['usr/bin', 'usr/sbin']) {
    // Not every package has both.
    for (const name of await readdir(join(tree, folder)).catch(() => [])) {
      const program = join(folder, name);
      if (!(await isProgram(join(tree, program)))) continue;
      await rename(join(tree, program), join(tree, `${program}.elf`));
      await writeFile(join(tree, program), startScript(program, loader, libraries), {
        mode: 0o755,
      });
    }
  }
}

/** Uses paths relative to the script, because the cache renames a complete tree. */
function startScript(program: string, loader: string, libraries: readonly string[]): string {
  const path = libraries.map((folder) => `$tree/${folder}`).join(':');
  return [
    '#!/bin/sh',
    'tree=$(dirname "$0")/../..',
    `exec "$tree/${loader}" --library-path "${path}" "$tree/${program}.elf" "$@"`,
    '',
  ].join('\n');
}

async function findLoader(tree: string, libraries: readonly string[]): Promise<string> {
  for (const folder of libraries) {
    const names = await readdir(join(tree, folder));
    const loader = names.find((name) => /^ld(-linux|64)\b.*\.so\.\d+$/.test(name));
    if (loader) return join(folder, loader);
  }
  throw new Error('The packages have no dynamic loader.');
}

const elfHeader = '\x7fELF';

/** Returns false for scripts and links. */
async function isProgram(path: string): Promise<boolean> {
  if (!(await lstat(path)).isFile()) return false;
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(elfHeader.length), 0, elfHeader.length);
    return buffer.toString('latin1') === elfHeader;
  } finally {
    await file.close();
  }
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { libraryFolders } from '../servers/tree';

/**
 * The folders of a tree where a program finds its libraries. Some libraries, such as PulseAudio's, have a folder of
 * their own, which those that need them know by its path on an installed system.
 */
export async function loadableFolders(tree: string): Promise<string[]> {
  const folders = await libraryFolders(tree);
  const below: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(join(tree, folder), { withFileTypes: true })) {
      if (entry.isDirectory() && (await holdsLibraries(join(tree, folder, entry.name)))) {
        below.push(join(folder, entry.name));
      }
    }
  }
  return [...folders, ...below];
}

async function holdsLibraries(folder: string): Promise<boolean> {
  return (await readdir(folder)).some((name) => /^lib.+\.so\b/.test(name));
}
